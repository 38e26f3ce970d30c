// SPDX-License-Identifier: Apache-2.0
// fetch with types: JSON in, JSON out, and every failure one kind of error that carries the
// server's problem document (or says that the network is gone).
import type { Question, Span } from "./types";

export interface Problem {
  status: number;
  code: string;
  detail: string;
  question?: Question;
  pii?: Span[];
}

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.code);
  }
}

const TIMEOUT_MS = 10_000;

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      signal: stop.signal,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError({ status: 0, code: "offline", detail: "" });
  } finally {
    clearTimeout(timer);
  }
  if (response.status === 204) return undefined as T;
  const answer = await json(response);
  if (!response.ok) throw new ApiError(problem(response.status, answer));
  return answer as T;
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function problem(status: number, body: unknown): Problem {
  const given = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem>;
  return {
    ...given,
    status,
    code: typeof given.code === "string" ? given.code : "http",
    detail: typeof given.detail === "string" ? given.detail : "",
  };
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);
export const post = <T>(path: string, body: unknown = {}): Promise<T> =>
  call<T>("POST", path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> =>
  call<T>("PATCH", path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => call<T>("PUT", path, body);
export const remove = (path: string): Promise<void> => call<void>("DELETE", path);

export function asProblem(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return { status: 0, code: "page", detail: String(error) };
}
