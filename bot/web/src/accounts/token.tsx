// SPDX-License-Identifier: Apache-2.0
// A new key for a program: what it is for, what it is called, and the key, once.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { post } from "../core/api";
import type { Token } from "../core/api_types";
import { useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { CopyField, OverlayAddress, OverlaySteps } from "../ui/keys";
import { Refused, useTry } from "./person";
import { useWords } from "./words";

const KINDS = ["overlay", "intake"] as const;

export function NewToken({ onClose }: { onClose: () => void }): JSX.Element {
  const say = useWords();
  const t = useT();
  const [role, setRole] = useState<Token["role"]>("overlay");
  const [name, setName] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const [problem, attempt] = useTry(say("tokens.bad"));
  const make = (event: Event): void => {
    event.preventDefault();
    const body = name === "" ? { role } : { role, name };
    void attempt(
      post<{ token?: string }>("/tokens", body).then((made) => setSecret(made.token ?? null)),
    );
  };
  return (
    <Dialog title={say("tokens.add")} onClose={onClose} wide>
      {secret === null ? (
        <form class="form" onSubmit={make}>
          <fieldset class="checks one-column">
            <legend>{say("tokens.kind")}</legend>
            {KINDS.map((one) => (
              <label key={one} class="check">
                <input type="radio" name="kind" checked={role === one} onChange={() => setRole(one)} />
                <span>{say(`tokens.${one}`)}</span>
              </label>
            ))}
          </fieldset>
          <label>
            <span>{say("tokens.name")}</span>
            <input
              name="name"
              autocomplete="off"
              spellcheck={false}
              maxLength={64}
              data-autofocus
              aria-describedby="token-hint"
              value={name}
              onInput={(event) => setName(event.currentTarget.value.trim())}
            />
            <small id="token-hint" class="muted">
              {say("tokens.name_hint")}
            </small>
          </label>
          <Refused text={problem} />
          <footer class="dialog-foot">
            <button type="button" class="soft" onClick={onClose}>
              {t("cancel")}
            </button>
            <button type="submit" class="primary">
              {say("tokens.make")}
            </button>
          </footer>
        </form>
      ) : role === "overlay" ? (
        <>
          <OverlaySteps />
          <OverlayAddress secret={secret} hint="" onMake={null} />
        </>
      ) : (
        <div class="form">
          <CopyField value={secret} label={say("tokens.secret")} />
          <p class="muted">{say("tokens.intake_how")}</p>
          <p class="warning">{say("tokens.once")}</p>
        </div>
      )}
    </Dialog>
  );
}
