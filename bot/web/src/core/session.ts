// SPDX-License-Identifier: Apache-2.0
// Who is at this page: asked of the server, never kept by the page.
import { isLang, setLang } from "../i18n";
import { asProblem, get, patch, post, remove } from "./api";
import type { Lang, Session } from "./types";

export async function whoAmI(): Promise<Session | null> {
  try {
    return welcome(await get<Session>("/session"));
  } catch (error) {
    if (asProblem(error).status === 401) return null;
    throw error;
  }
}

export async function signIn(user: string, password: string): Promise<Session> {
  return welcome(await post<Session>("/session", { user, password }));
}

export async function signOut(): Promise<void> {
  await remove("/session");
}

// The language is the person's: it follows the account to the next device.
export function chooseLang(lang: Lang): void {
  setLang(lang);
  void patch("/session", { lang }).catch(() => undefined);
}

function welcome(session: Session): Session {
  if (isLang(session.lang)) setLang(session.lang);
  return session;
}
