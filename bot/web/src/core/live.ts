// SPDX-License-Identifier: Apache-2.0
// The live connection: opens /live, resumes after the last event it saw, tries again with growing
// pauses, notices a connection that is open but silent, and tells how old the last frame is.
import type { Frame } from "./types";

export type LinkState = "connecting" | "live" | "lost" | "signed_out";

export interface Link {
  state: LinkState;
  frameAt: number; // when the last frame came (our clock), 0 before the first
}

export interface LiveOptions {
  page: "console" | "officer" | "overlay";
  query?: Record<string, string>;
  seq: () => number; // the last event applied; 0 = start with a snapshot
  showing: () => number | null;
  onFrame: (frame: Frame) => void;
  onLink: (link: Link) => void;
}

const PAUSE_MIN_MS = 400;
const PAUSE_MAX_MS = 8_000;
const SILENCE_MS = 9_000; // a status frame is due every 2 s
const HEARTBEAT_MS = 5_000;
const SESSION_ENDED = 4001;

export class Live {
  private socket: WebSocket | null = null;
  private pause = PAUSE_MIN_MS;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly beat: ReturnType<typeof setInterval>;
  private readonly watch: ReturnType<typeof setInterval>;
  private link: Link = { state: "connecting", frameAt: 0 };
  private openedAt = 0;
  private closed = false;

  constructor(private readonly options: LiveOptions) {
    this.beat = setInterval(() => this.heartbeat(), HEARTBEAT_MS);
    this.watch = setInterval(() => this.checkSilence(), 1_000);
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.onVisible);
    this.connect();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.beat);
    clearInterval(this.watch);
    clearTimeout(this.retry);
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.onVisible);
    this.socket?.close();
  }

  heartbeat(): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    const visible = document.visibilityState === "visible";
    const showing = this.options.showing();
    this.socket.send(
      JSON.stringify({ type: "here", page: this.options.page, visible, showing }),
    );
  }

  private readonly hurry = (): void => {
    if (this.closed || this.link.state === "live" || this.socket) return;
    clearTimeout(this.retry);
    this.pause = PAUSE_MIN_MS;
    this.connect();
  };

  private readonly onVisible = (): void => {
    if (document.visibilityState === "visible") this.hurry();
    this.heartbeat();
  };

  private connect(): void {
    const query = new URLSearchParams(this.options.query);
    const seq = this.options.seq();
    if (seq > 0) query.set("after", String(seq));
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/live?${query}`, ["suraq.v1"]);
    this.socket = socket;
    this.openedAt = Date.now();
    socket.onopen = () => this.heartbeat();
    socket.onmessage = (event) => this.receive(event);
    socket.onclose = (event) => this.lost(socket, event.code);
  }

  private receive(event: MessageEvent): void {
    let frame: Frame;
    try {
      frame = JSON.parse(String(event.data)) as Frame;
    } catch {
      return;
    }
    this.pause = PAUSE_MIN_MS;
    this.tell({ state: "live", frameAt: Date.now() });
    this.options.onFrame(frame);
  }

  private lost(socket: WebSocket, code: number): void {
    if (this.closed || socket !== this.socket) return;
    this.socket = null;
    if (code === SESSION_ENDED) {
      this.tell({ ...this.link, state: "signed_out" });
      return;
    }
    this.tell({ ...this.link, state: "lost" });
    const jitter = 0.5 + Math.random();
    this.retry = setTimeout(() => this.connect(), this.pause * jitter);
    this.pause = Math.min(this.pause * 2, PAUSE_MAX_MS);
  }

  private checkSilence(): void {
    const socket = this.socket;
    if (!socket) return;
    const since = Math.max(this.openedAt, this.link.frameAt);
    if (Date.now() - since < SILENCE_MS) return;
    socket.close();
    this.lost(socket, 0);
  }

  private tell(link: Link): void {
    this.link = link;
    this.options.onLink(link);
  }
}
