// SPDX-License-Identifier: Apache-2.0
// Words of the dialog for prepared questions, loaded with it.
import type { Lang } from "../core/types";
import { fill, useLang } from "../i18n";
import type { Args } from "../i18n";

const en = {
  title: "Prepared questions",
  hint: "Paste questions, one a line, or a table with the columns text, lang, topic, asker; or choose a CSV file. Each becomes a new question: a person still approves it.",
  text: "Questions",
  file: "Choose a file",
  lang: "Language",
  topic: "Topic",
  by_text: "as recognised in each",
  table: "It is a table: languages and topics are those of its columns.",
  look: "Look",
  counts: "Will be added: {n}. With mistakes: {bad}.",
  line: "Line",
  "wrong.utf8": "not UTF-8: save the file as UTF-8",
  "wrong.empty": "there is no text",
  "wrong.long": "too long",
  "wrong.topic": "there is no such topic",
  "wrong.lang": "the language is kk, ru or en; a text with commas stands in quotes",
  "wrong.same": "question № {of} says the same",
  "wrong.same_line": "line {of} says the same",
  "wrong.columns": "too many columns; a text with commas stands in quotes",
  "wrong.quote": "a quote is not closed",
  "wrong.too_many": "too many: the rest was not read",
  pii: "personal data",
  add: "Add {n}",
  added: "Added: {n}",
  nothing: "There is nothing to add.",
  offline: "The server does not answer. Nothing was lost: try again.",
  stopped: "Only {n} were added: {why}",
};
type Word = keyof typeof en;
const ru: Record<Word, string> = {
  title: "Подготовленные вопросы",
  hint: "Вставьте вопросы, по одному в строке, или таблицу со столбцами text, lang, topic, asker; или выберите файл CSV. Каждый станет новым вопросом: решает всё равно человек.",
  text: "Вопросы",
  file: "Выбрать файл",
  lang: "Язык",
  topic: "Тема",
  by_text: "как распознано в каждом",
  table: "Это таблица: языки и темы взяты из её столбцов.",
  look: "Проверить",
  counts: "Будет добавлено: {n}. С ошибками: {bad}.",
  line: "Строка",
  "wrong.utf8": "это не UTF-8: сохраните файл в UTF-8",
  "wrong.empty": "нет текста",
  "wrong.long": "слишком длинно",
  "wrong.topic": "такой темы нет",
  "wrong.lang": "язык — kk, ru или en; текст с запятыми берут в кавычки",
  "wrong.same": "то же самое в вопросе № {of}",
  "wrong.same_line": "то же самое в строке {of}",
  "wrong.columns": "слишком много столбцов; текст с запятыми берут в кавычки",
  "wrong.quote": "кавычка не закрыта",
  "wrong.too_many": "слишком много: остальное не прочитано",
  pii: "личные данные",
  add: "Добавить {n}",
  added: "Добавлено: {n}",
  nothing: "Добавлять нечего.",
  offline: "Сервер не отвечает. Ничего не пропало: попробуйте ещё раз.",
  stopped: "Добавлено только {n}: {why}",
};
const kk: Record<Word, string> = {
  title: "Дайын сұрақтар",
  hint: "Сұрақтарды әр жолға бір-бірден немесе text, lang, topic, asker бағандары бар кестені қойыңыз, не CSV файлын таңдаңыз. Әрқайсысы жаңа сұрақ болады: шешімді бәрібір адам қабылдайды.",
  text: "Сұрақтар",
  file: "Файл таңдау",
  lang: "Тілі",
  topic: "Тақырыбы",
  by_text: "әрқайсысында танылғандай",
  table: "Бұл кесте: тілі мен тақырыбы бағандарынан алынады.",
  look: "Тексеру",
  counts: "Қосылады: {n}. Қатесі бар: {bad}.",
  line: "Жол",
  "wrong.utf8": "бұл UTF-8 емес: файлды UTF-8 түрінде сақтаңыз",
  "wrong.empty": "мәтін жоқ",
  "wrong.long": "тым ұзын",
  "wrong.topic": "мұндай тақырып жоқ",
  "wrong.lang": "тілі — kk, ru немесе en; үтірі бар мәтін тырнақшаға алынады",
  "wrong.same": "№ {of} сұрақта да дәл осы жазылған",
  "wrong.same_line": "{of}-жолда дәл осы сұрақ бар",
  "wrong.columns": "баған тым көп; үтірі бар мәтін тырнақшаға алынады",
  "wrong.quote": "тырнақша жабылмаған",
  "wrong.too_many": "тым көп: қалғаны оқылмады",
  pii: "жеке деректер",
  add: "Қосу: {n}",
  added: "Қосылды: {n}",
  nothing: "Қосатын ештеңе жоқ.",
  offline: "Сервер жауап бермейді. Ештеңе жоғалған жоқ: қайталап көріңіз.",
  stopped: "{n} ғана қосылды: {why}",
};

export const dictionaries: Record<Lang, Record<Word, string>> = { kk, ru, en };
export type Say = (word: Word, args?: Args) => string;

export function isWord(word: string): word is Word {
  return Object.hasOwn(en, word);
}

export function useWords(): Say {
  const lang = useLang();
  return (word, args) => fill(lang, dictionaries[lang][word], args ?? {});
}
