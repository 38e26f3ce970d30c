// SPDX-License-Identifier: Apache-2.0
import "./style/fonts.css";

document.title = "Suraq";
