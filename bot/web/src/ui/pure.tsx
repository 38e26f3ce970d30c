// SPDX-License-Identifier: Apache-2.0
// A component that is drawn again only when one of its properties has changed: what keeps long
// lists cheap while events stream in.
import { Component } from "preact";
import type { FunctionComponent, JSX } from "preact";

export function pure<P extends object>(Inner: FunctionComponent<P>): FunctionComponent<P> {
  class Pure extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const old = this.props as Record<string, unknown>;
      const fresh = next as Record<string, unknown>;
      const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
      return [...names].some((name) => name !== "children" && old[name] !== fresh[name]);
    }
    override render(): JSX.Element {
      return <Inner {...(this.props as P)} />;
    }
  }
  return Pure as unknown as FunctionComponent<P>;
}
