// SPDX-License-Identifier: Apache-2.0
// The door to a page beside the console: who is it, may they in, and if not whom to ask.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { whoAmI } from "../core/session";
import type { Role, Session } from "../core/types";
import { useLang, useT } from "../i18n";
import { SignIn } from "./signin";
import { PageTop } from "./top";

interface Props {
  title: string;
  back: string;
  denied: string;
  what: string;
  may: (role: Role) => boolean;
  page: (session: Session) => JSX.Element;
}

type Who = Session | "asking" | "nobody" | "failed";

export function Door(props: Props): JSX.Element {
  const t = useT();
  const lang = useLang();
  const [who, setWho] = useState<Who>("asking");
  useEffect(() => {
    if (who !== "asking") return;
    whoAmI()
      .then((found) => setWho(found ?? "nobody"))
      .catch(() => setWho("failed"));
  }, [who]);
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = `${props.title} · Suraq`;
  }, [lang]);
  if (who === "asking") return <main class="card-page" />;
  if (who === "nobody") return <SignIn onDone={setWho} />;
  if (who === "failed") {
    return (
      <main class="card-page">
        <div class="card">
          <p>{t("sign_in.offline")}</p>
          <button type="button" class="primary" onClick={() => setWho("asking")}>
            {t("again")}
          </button>
        </div>
      </main>
    );
  }
  return props.may(who.role) ? props.page(who) : <Denied {...props} />;
}

function Denied({ title, back, denied, what }: Props): JSX.Element {
  return (
    <>
      <PageTop title={title} back={back} />
      <main class="card-page">
        <div class="card">
          <h2>{denied}</h2>
          <p>{what}</p>
          <a class="button soft" href="/">
            {back}
          </a>
        </div>
      </main>
    </>
  );
}
