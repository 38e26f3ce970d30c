// SPDX-License-Identifier: Apache-2.0
// The text that tells a citizen how to file properly. It goes to them in their language, so it is in
// Kazakh and Russian whatever the page speaks. It says what an appeal holds and where it is filed,
// and nothing about what the chat line itself is: that is for a lawyer to decide.
import type { Question } from "../core/types";

export type Tongue = "kk" | "ru";

const LONG: Record<Tongue, string> = {
  kk: `Сәлеметсіз бе! Сіз тікелей эфир чатында сұрақ қойдыңыз (№{no}).
Сұрағыңыз ресми өтініш ретінде қаралуы үшін оны e-Otinish порталы арқылы немесе жазбаша түрде жіберуіңізді сұраймыз. Тегіңізді, атыңызды, әкеңіздің атын (бар болса), ЖСН-ді, мекенжайыңызды, телефоныңызды және сұрақтың мән-жайын жазып, күнін қойып, қол қойыңыз.
Бұл деректерді чатқа жазбаңыз: оны бәрі көреді.
Қауіп төнсе, 102 немесе 112 нөміріне қоңырау шалыңыз.`,
  ru: `Здравствуйте! Вы задали вопрос в чате прямого эфира (№{no}).
Чтобы он был рассмотрен как официальное обращение, подайте его, пожалуйста, через портал e-Otinish или письменно. Укажите фамилию, имя и отчество (если есть), ИИН, адрес, телефон и суть вопроса, поставьте дату и подпись.
Не пишите эти данные в чате: его видят все.
Если есть опасность, звоните 102 или 112.`,
};

// Short enough for every chat that we can write into.
const SHORT: Record<Tongue, string> = {
  kk: "№{no} сұрақты ресми өтініш ретінде e-Otinish порталы арқылы немесе жазбаша беруге болады. Жеке деректеріңізді чатқа жазбаңыз.",
  ru: "Вопрос №{no} можно подать как официальное обращение через портал e-Otinish или письменно. Не пишите личные данные в чате.",
};

export function tongueOf(question: Question): Tongue {
  return question.lang === "ru" ? "ru" : "kk";
}

export function polite(question: Question, tongue: Tongue, short: boolean): string {
  return (short ? SHORT : LONG)[tongue].replace("{no}", String(question.no));
}
