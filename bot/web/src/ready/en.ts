// SPDX-License-Identifier: Apache-2.0
// English. This dictionary defines the keys.
export const en = {
  setup: "Before the broadcast",
  "setup.fail": "Before the broadcast: not working {n}",
  prepare: "Prepared questions",
  rehearsal: "Rehearsal",
  "rehearsal.title": "Rehearse the broadcast",
  "rehearsal.what":
    "Everything works as on the day: console, officer’s page, overlay in OBS. All pages are marked, and so is each question on the overlay.",
  "rehearsal.real":
    "What viewers write into the chats meanwhile belongs to the rehearsal and goes with it. Nobody is replied to.",
  "rehearsal.feed": "Play the recorded chat",
  "rehearsal.begin": "Begin the rehearsal",
  "rehearsal.refused": "Not possible now: {why}",
  "rehearsal.strip": "Nothing of this stays: it is erased at the end.",
  "rehearsal.feed.play": "Play the recorded chat",
  "rehearsal.feed.stop": "Stop the recorded chat",
  "rehearsal.end": "End the rehearsal",
  "rehearsal.erases":
    "All questions, messages and decisions of the rehearsal will be erased for good. Numbers start again where they were before it.",
  "rehearsal.keeps": "Questions that were there before, sources and filters stay.",
  "rehearsal.end.do": "End and erase",
  "rehearsal.ended": "The rehearsal is over, its data is erased",
  "auto.on": "Queues by itself: on",
  "auto.off": "Queues by itself: off",
  "auto.what":
    "Clean questions on a topic, without personal data, are queued by themselves after a wait in which anybody can hold them back. Nothing is put on air by itself.",
  "auto.wait": "Queues itself in {n} s",
  "auto.hold": "Hold back",
  "auto.mark": "by itself",
  "auto.back": "Queued by the rule. Take it back",
};
