// SPDX-License-Identifier: Apache-2.0
// The page /accounts as a whole: people, sessions, keys, links, and who changed what.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { remove } from "../core/api";
import type { AdminEntry, OpenSession, Token, User, WaitingLink } from "../core/api_types";
import { fail } from "../core/desk";
import { useNow, useStore } from "../core/store";
import { age, since, timer, until } from "../core/time";
import { toast } from "../core/toast";
import { useLang, useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { Toasts } from "../ui/small";
import { PageTop } from "../ui/top";
import { access, load, loadOlder, watch } from "./data";
import { Cell, Panel, Table, Twice, when } from "./parts";
import { AddPerson, ChangePerson, LinkOf, PasswordRules } from "./person";
import { NewToken } from "./token";
import { useWords } from "./words";

type Open = { kind: "add" } | { kind: "change"; user: User } | { kind: "token" } | { kind: "officer" } | null;

const SECTIONS = ["users", "sessions", "tokens", "links", "log"] as const;

function take(path: string, text: string): void {
  remove(path)
    .then(() => {
      toast(text);
      return load();
    })
    .catch(fail);
}

export function AccountsPage(): JSX.Element {
  const now = useStore(access);
  const say = useWords();
  const [open, setOpen] = useState<Open>(null);
  useEffect(watch, []);
  const close = (): void => setOpen(null);
  return (
    <>
      <PageTop title={say("page")} back={say("back")} />
      {now.away && (
        <p class="banner banner-amber" role="status">
          <Icon name="warn" /> {say("away")}
        </p>
      )}
      <main class="accounts">
        <nav class="accounts-nav" aria-label={say("sections")}>
          {SECTIONS.map((one) => (
            <a key={one} href={`#${one}`}>
              {say(one)}
            </a>
          ))}
        </nav>
        {now.ready && (
          <>
            <Users users={now.users} onOpen={setOpen} />
            <Sessions sessions={now.sessions} skew={now.skew} />
            <Tokens tokens={now.tokens} onOpen={setOpen} />
            <Links links={now.links} skew={now.skew} onOpen={setOpen} />
            <Log entries={now.log} older={now.older !== null} />
          </>
        )}
      </main>
      <Opened open={open} onClose={close} />
      <Toasts />
    </>
  );
}

function Opened({ open, onClose }: { open: Open; onClose: () => void }): JSX.Element | null {
  const say = useWords();
  switch (open?.kind) {
    case "add":
      return <AddPerson onClose={onClose} />;
    case "change":
      return <ChangePerson user={open.user} onClose={onClose} />;
    case "token":
      return <NewToken onClose={onClose} />;
    case "officer":
      return (
        <Dialog title={say("links.officer")} onClose={onClose}>
          <LinkOf user={null} atOnce />
        </Dialog>
      );
    default:
      return null;
  }
}

interface AddProps {
  name: string;
  text: string;
  onAdd: () => void;
}

function Add({ name, text, onAdd }: AddProps): JSX.Element {
  return (
    <button type="button" class="primary" name={name} onClick={onAdd}>
      <Icon name="plus" /> {text}
    </button>
  );
}

function Users({ users, onOpen }: { users: User[]; onOpen: (open: Open) => void }): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  return (
    <Panel
      id="users"
      title={say("users")}
      what={say("users.what")}
      act={<Add name="add-user" text={say("users.add")} onAdd={() => onOpen({ kind: "add" })} />}
    >
      <Table
        label={say("users")}
        heads={[say("name"), say("role"), say("password"), say("made"), say("actions")]}
      >
        {users.map((user) => (
          <tr key={user.name} data-user={user.name}>
            <th scope="row">{user.name}</th>
            <Cell label={say("role")}>{t(`role.${user.role}`)}</Cell>
            <Cell label={say("password")}>
              {say(user.has_password ? "users.password" : "users.none")}
            </Cell>
            <Cell label={say("made")}>{when(user.created_at, lang)}</Cell>
            <td class="acts">
              <button
                type="button"
                class="soft"
                aria-label={say("users.change_of", { name: user.name })}
                onClick={() => onOpen({ kind: "change", user })}
              >
                {say("users.change")}
              </button>
            </td>
          </tr>
        ))}
      </Table>
      <PasswordRules />
    </Panel>
  );
}

function Sessions({ sessions, skew }: { sessions: OpenSession[]; skew: number }): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const now = useNow();
  const end = (one: OpenSession): void =>
    take(`/sessions/${one.id}`, say("sessions.ended", { name: one.user }));
  return (
    <Panel id="sessions" title={say("sessions")}>
      <Table
        label={say("sessions")}
        heads={[
          say("name"),
          say("role"),
          say("sessions.from"),
          say("sessions.since"),
          say("sessions.seen"),
          say("actions"),
        ]}
      >
        {sessions.map((one) => (
          <tr key={one.id} data-session={one.user}>
            <th scope="row">{one.user}</th>
            <Cell label={say("role")}>{t(`role.${one.role}`)}</Cell>
            <Cell label={say("sessions.from")}>{one.address}</Cell>
            <Cell label={say("sessions.since")}>{when(one.created_at, lang)}</Cell>
            <Cell label={say("sessions.seen")}>
              {say("seen.ago", { age: age(since(one.seen_at, now, skew) ?? 0, lang) })}
            </Cell>
            <td class="acts">
              {one.current ? (
                <span class="muted">{say("sessions.this")}</span>
              ) : (
                <Twice
                  label={say("sessions.end_of", { name: one.user })}
                  text={say("sessions.end")}
                  onSure={() => end(one)}
                />
              )}
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function Tokens({ tokens, onOpen }: { tokens: Token[]; onOpen: (open: Open) => void }): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const revoke = (one: Token): void =>
    take(`/tokens/${one.id}`, say("tokens.revoked", { name: one.name }));
  return (
    <Panel
      id="tokens"
      title={say("tokens")}
      what={say("tokens.what")}
      act={<Add name="add-token" text={say("tokens.add")} onAdd={() => onOpen({ kind: "token" })} />}
    >
      {tokens.length === 0 ? (
        <p class="muted">{say("tokens.none")}</p>
      ) : (
        <Table label={say("tokens")} heads={[say("tokens.name"), say("tokens.kind"), say("made"), say("actions")]}>
          {tokens.map((one) => (
            <tr key={one.id} data-token={one.name}>
              <th scope="row">
                {one.name} <span class="muted">#{one.id}</span>
              </th>
              <Cell label={say("tokens.kind")}>{t(`role.${one.role}`)}</Cell>
              <Cell label={say("made")}>{when(one.created_at ?? null, lang)}</Cell>
              <td class="acts">
                <Twice
                  label={say("tokens.revoke_of", { name: one.name })}
                  text={say("revoke")}
                  onSure={() => revoke(one)}
                />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

interface LinksProps {
  links: WaitingLink[];
  skew: number;
  onOpen: (open: Open) => void;
}

function Links({ links, skew, onOpen }: LinksProps): JSX.Element {
  const say = useWords();
  const t = useT();
  const now = useNow();
  const waiting = links.filter((one) => (until(one.expires_at, now, skew) ?? 0) > 0);
  const whose = (one: WaitingLink): string =>
    one.user ?? say("links.nobody", { role: t(`role.${one.role}`) });
  return (
    <Panel
      id="links"
      title={say("links")}
      what={say("links.what")}
      act={
        <Add name="add-link" text={say("links.officer")} onAdd={() => onOpen({ kind: "officer" })} />
      }
    >
      {waiting.length === 0 ? (
        <p class="muted">{say("links.none")}</p>
      ) : (
        <Table
          label={say("links")}
          heads={[say("links.whose"), say("role"), say("links.left"), say("actions")]}
        >
          {waiting.map((one) => (
            <tr key={one.id} data-link={one.user ?? ""}>
              <th scope="row">{whose(one)}</th>
              <Cell label={say("role")}>{t(`role.${one.role}`)}</Cell>
              <Cell label={say("links.left")}>{timer(until(one.expires_at, now, skew) ?? 0)}</Cell>
              <td class="acts">
                <Twice
                  label={say("links.revoke_of", { name: whose(one) })}
                  text={say("revoke")}
                  onSure={() => take(`/links/${one.id}`, say("links.revoked"))}
                />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Log({ entries, older }: { entries: AdminEntry[]; older: boolean }): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  return (
    <Panel id="log" title={say("log")} what={say("log.what")}>
      <Table label={say("log")} heads={[say("log.when"), say("log.who"), say("log.act")]}>
        {entries.map((one) => (
          <tr key={one.id} data-act={one.act}>
            <Cell label={say("log.when")}>{when(one.at, lang)}</Cell>
            <Cell label={say("log.who")}>{one.who ?? say("log.cli")}</Cell>
            <Cell label={say("log.act")}>
              {say(`act.${one.act}`, {
                what: one.what ?? say("act.nobody"),
                role: t(`role.${one.role}`),
              })}
            </Cell>
          </tr>
        ))}
      </Table>
      {older && (
        <button type="button" class="soft" onClick={() => void loadOlder().catch(fail)}>
          {say("log.more")}
        </button>
      )}
    </Panel>
  );
}
