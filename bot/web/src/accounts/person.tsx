// SPDX-License-Identifier: Apache-2.0
// The dialogs of one person: added, given another role or password, let in by link, removed.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { asProblem, patch, post, remove } from "../core/api";
import type { MadeLink, User } from "../core/api_types";
import { failure } from "../core/desk";
import { useStore } from "../core/store";
import { toast } from "../core/toast";
import { useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { LinkCard } from "../ui/keys";
import { access, load } from "./data";
import { PEOPLE_ROLES } from "./parts";
import type { PeopleRole } from "./parts";
import { longEnough, makePassword } from "./password";
import { useWords } from "./words";

interface DialogProps {
  onClose: () => void;
}

// `clash` says what a conflict is where this is tried: the server's own words are for logs.
export function useTry(clash: string): [string, (work: Promise<unknown>) => Promise<boolean>] {
  const [problem, setProblem] = useState("");
  const attempt = async (work: Promise<unknown>): Promise<boolean> => {
    setProblem("");
    try {
      await work;
      void load();
      return true;
    } catch (error) {
      const said = asProblem(error);
      setProblem(said.status === 409 || said.status === 422 ? clash : failure(said));
      return false;
    }
  };
  return [problem, attempt];
}

export function Refused({ text }: { text: string }): JSX.Element | null {
  return text ? (
    <p class="error" role="alert">
      {text}
    </p>
  ) : null;
}

export function PasswordRules(): JSX.Element {
  const say = useWords();
  const rules = ["length", "any", "own", "ends", "brake", "kept"] as const;
  return (
    <details class="rules">
      <summary>{say("rules")}</summary>
      <ul>
        {rules.map((one) => (
          <li key={one}>{say(`rules.${one}`)}</li>
        ))}
      </ul>
    </details>
  );
}

interface FieldProps {
  value: string;
  onValue: (value: string) => void;
}

function PasswordField({ value, onValue }: FieldProps): JSX.Element {
  const say = useWords();
  const [shown, setShown] = useState(false);
  const make = (): void => {
    onValue(makePassword());
    setShown(true);
  };
  return (
    <>
      <label>
        <span>{say("password.new")}</span>
        <input
          name="new-password"
          type={(shown ? "text" : "password") as "text"}
          autocomplete="new-password"
          autocapitalize="none"
          spellcheck={false}
          maxLength={200}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      </label>
      <div class="password-tools">
        <label class="check">
          <input type="checkbox" checked={shown} onChange={() => setShown(!shown)} />
          <span>{say("password.show")}</span>
        </label>
        <button type="button" class="soft" onClick={make}>
          {say("password.make")}
        </button>
      </div>
      {value !== "" && !longEnough(value) && <p class="amber">{say("password.short")}</p>}
      <PasswordRules />
    </>
  );
}

function RoleChoice({ value, onValue }: { value: PeopleRole; onValue: (role: PeopleRole) => void }): JSX.Element {
  const say = useWords();
  const t = useT();
  return (
    <fieldset class="checks one-column">
      <legend>{say("role")}</legend>
      {PEOPLE_ROLES.map((one) => (
        <label key={one} class="check">
          <input type="radio" name="role" checked={value === one} onChange={() => onValue(one)} />
          <span>
            {t(`role.${one}`)} <span class="muted">– {say(`role.${one}.what`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function AddPerson({ onClose }: DialogProps): JSX.Element {
  const say = useWords();
  const t = useT();
  const [name, setName] = useState("");
  const [role, setRole] = useState<PeopleRole>("moderator");
  const [byLink, setByLink] = useState(true);
  const [password, setPassword] = useState("");
  const [made, setMade] = useState("");
  const [problem, attempt] = useTry(say("users.taken"));
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = byLink ? { name, role } : { name, role, password };
    if (!(await attempt(post("/users", body)))) return;
    toast(say("users.added", { name }));
    if (byLink) setMade(name);
    else onClose();
  };
  return (
    <Dialog title={made || say("users.add")} onClose={onClose}>
      {made ? (
        <LinkOf user={made} atOnce />
      ) : (
        <form class="form" onSubmit={(event) => void add(event)}>
          <label>
            <span>{say("name")}</span>
            <input
              name="name"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              required
              maxLength={64}
              data-autofocus
              aria-describedby="name-hint"
              value={name}
              onInput={(event) => setName(event.currentTarget.value.trim())}
            />
            <small id="name-hint" class="muted">
              {say("name.hint")}
            </small>
          </label>
          <RoleChoice value={role} onValue={setRole} />
          <fieldset class="checks one-column">
            <legend>{say("way")}</legend>
            <label class="check">
              <input type="radio" name="way" checked={byLink} onChange={() => setByLink(true)} />
              <span>{say("way.link")}</span>
            </label>
            <label class="check">
              <input type="radio" name="way" checked={!byLink} onChange={() => setByLink(false)} />
              <span>{say("way.password")}</span>
            </label>
          </fieldset>
          {!byLink && <PasswordField value={password} onValue={setPassword} />}
          <Refused text={problem} />
          <footer class="dialog-foot">
            <button type="button" class="soft" onClick={onClose}>
              {t("cancel")}
            </button>
            <button type="submit" class="primary" disabled={!byLink && !longEnough(password)}>
              {say("users.add")}
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}

// A link that signs in as this person, or as an officer without an account.
export function LinkOf({ user, atOnce }: { user: string | null; atOnce?: boolean }): JSX.Element {
  const say = useWords();
  const { skew } = useStore(access);
  const [link, setLink] = useState<MadeLink | null>(null);
  const [problem, attempt] = useTry(say("links.many"));
  const make = (): void => {
    const body = user === null ? { role: "officer" } : { user };
    void attempt(post<MadeLink>("/links", body).then(setLink));
  };
  useEffect(() => {
    if (atOnce) make();
  }, []);
  return (
    <div class="form">
      <p class="muted">{say("link.what")}</p>
      {link ? (
        <LinkCard link={link} skew={skew} onAgain={make} />
      ) : (
        <button type="button" class="soft" disabled={atOnce && !problem} onClick={make}>
          {say("link.make")}
        </button>
      )}
      <Refused text={problem} />
    </div>
  );
}

export function ChangePerson({ user, onClose }: DialogProps & { user: User }): JSX.Element {
  const say = useWords();
  const t = useT();
  const { name } = user;
  const [role, setRole] = useState<PeopleRole>(user.role);
  const [password, setPassword] = useState("");
  const [removing, setRemoving] = useState(false);
  const [problem, attempt] = useTry(say("users.last"));
  const path = `/users/${encodeURIComponent(name)}`;
  const done = async (work: Promise<unknown>, text: string): Promise<void> => {
    if (!(await attempt(work))) return;
    toast(text);
    onClose();
  };
  const saveRole = (event: Event): void => {
    event.preventDefault();
    void done(patch(path, { role }), say("role.saved", { name, role: t(`role.${role}`) }));
  };
  const savePassword = (event: Event): void => {
    event.preventDefault();
    void done(patch(path, { password }), say("password.saved", { name }));
  };
  if (removing) {
    return (
      <Dialog title={say("remove.sure", { name })} onClose={onClose}>
        <p>{say("remove.what")}</p>
        <Refused text={problem} />
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={() => setRemoving(false)}>
            {t("cancel")}
          </button>
          <button
            type="button"
            class="danger"
            name="remove"
            onClick={() => void done(remove(path), say("removed", { name }))}
          >
            {say("remove.yes")}
          </button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title={say("users.change_of", { name })} onClose={onClose}>
      <Refused text={problem} />
      <form class="form part" onSubmit={saveRole}>
        <RoleChoice value={role} onValue={setRole} />
        <button type="submit" class="primary" disabled={role === user.role}>
          {say("role.save")}
        </button>
      </form>
      <form class="form part" onSubmit={savePassword}>
        <h3>{say("password")}</h3>
        {/* password managers want to know whose it is */}
        <input class="sr-only" name="username" autocomplete="username" value={name} readOnly tabIndex={-1} aria-hidden="true" />
        <PasswordField value={password} onValue={setPassword} />
        <button type="submit" class="primary" disabled={!longEnough(password)}>
          {say("password.save")}
        </button>
      </form>
      <section class="part">
        <h3>{say("link")}</h3>
        <LinkOf user={name} />
      </section>
      <section class="part">
        <button type="button" class="soft" name="ask-remove" onClick={() => setRemoving(true)}>
          {say("remove")}…
        </button>
      </section>
    </Dialog>
  );
}
