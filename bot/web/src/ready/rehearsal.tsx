// SPDX-License-Identifier: Apache-2.0
// Rehearsal: the strip that says so on every page, and the dialogs that begin and end it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { change, closeDialog } from "../console/ui";
import { mayModerate } from "../core/acts";
import { asProblem, post } from "../core/api";
import { connected, fail, failure } from "../core/desk";
import type { State } from "../core/state";
import { toast } from "../core/toast";
import type { Broadcast } from "../core/types";
import { useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { RehearsalMark } from "./mark";
import { say as told, useWords } from "./words";

const FEED = "rehearsal"; // the name of the source that plays the recorded chat

interface Wish {
  on?: boolean;
  feed?: boolean;
}

async function rehearse(broadcast: Broadcast, wish: Wish): Promise<void> {
  await post(`/broadcasts/${broadcast.id}/rehearse`, wish);
}

export function RehearsalStrip({ state }: { state: State }): JSX.Element | null {
  const say = useWords();
  const broadcast = state.broadcast;
  if (!broadcast?.rehearsal) return null;
  const playing = state.sources.some((one) => one.name === FEED);
  const play = (): void => {
    if (connected()) rehearse(broadcast, { feed: !playing }).catch(fail);
  };
  return (
    <div class="rehearsal-strip" role="status">
      <RehearsalMark />
      <span class="rehearsal-text">{say("rehearsal.strip")}</span>
      <span class="grow" />
      {mayModerate(state.role) && (
        <>
          <button type="button" class="soft" name="feed" onClick={play}>
            {say(playing ? "rehearsal.feed.stop" : "rehearsal.feed.play")}
          </button>
          <button
            type="button"
            class="danger"
            name="rehearsal-end"
            onClick={() => change({ dialog: { kind: "rehearsal" } })}
          >
            {say("rehearsal.end")}
          </button>
        </>
      )}
    </div>
  );
}

export function RehearsalDialog({ state }: { state: State }): JSX.Element {
  return state.broadcast?.rehearsal ? <End state={state} /> : <Begin state={state} />;
}

function Begin({ state }: { state: State }): JSX.Element {
  const say = useWords();
  const t = useT();
  const [feed, setFeed] = useState(true);
  const [problem, setProblem] = useState("");
  const broadcast = state.broadcast;
  const begin = (event: Event): void => {
    event.preventDefault();
    if (!broadcast || !connected()) return;
    rehearse(broadcast, feed ? { on: true, feed } : { on: true })
      .then(closeDialog)
      .catch((error: unknown) => {
        const bad = asProblem(error);
        setProblem(bad.status === 409 ? say("rehearsal.refused", { why: bad.detail }) : failure(bad));
      });
  };
  return (
    <Dialog title={say("rehearsal.title")} onClose={closeDialog}>
      <form class="form" onSubmit={begin}>
        <p>{say("rehearsal.what")}</p>
        <p>{say("rehearsal.real")}</p>
        <label class="check">
          <input type="checkbox" name="feed" checked={feed} onChange={() => setFeed(!feed)} />
          <span>{say("rehearsal.feed")}</span>
        </label>
        {problem && <p class="error">{problem}</p>}
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {t("cancel")}
          </button>
          <button type="submit" class="primary" data-autofocus>
            {say("rehearsal.begin")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function End({ state }: { state: State }): JSX.Element {
  const say = useWords();
  const t = useT();
  const [problem, setProblem] = useState("");
  const end = (event: Event): void => {
    event.preventDefault();
    const broadcast = state.broadcast;
    if (!broadcast || !connected()) return;
    rehearse(broadcast, { on: false })
      .then(() => {
        toast(told("rehearsal.ended"));
        closeDialog();
      })
      .catch((error: unknown) => setProblem(failure(asProblem(error))));
  };
  return (
    <Dialog title={say("rehearsal.end")} onClose={closeDialog}>
      <form class="form" onSubmit={end}>
        <p>{say("rehearsal.erases")}</p>
        <p class="muted">{say("rehearsal.keeps")}</p>
        {problem && <p class="error">{problem}</p>}
        <footer class="dialog-foot">
          <button type="button" class="soft" data-autofocus onClick={closeDialog}>
            {t("cancel")}
          </button>
          <button type="submit" class="danger">
            {say("rehearsal.end.do")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
