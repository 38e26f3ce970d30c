// SPDX-License-Identifier: Apache-2.0
// citizens.mjs - a made-up evening in a chat: who asks what, in Kazakh and in Russian, among greetings,
// praise, insults and adverts. The same seed gives the same evening. Personal data are made up too, with
// the check digits that real ones have, and each is listed, so that a test can look for it afterwards.

const FIRST = ['Айгүл', 'Нұрлан', 'Ольга', 'Марат', 'Дана', 'Сергей', 'Ерлан', 'Гүлнар', 'Тимур', 'Әсел', 'Ирина', 'Бауыржан', 'Жанна', 'Қайрат', 'Светлана', 'Олжас'];
const LAST = ['Ахметова', 'Серіков', 'Ким', 'Оспанов', 'Жұмабаева', 'Иванова', 'Қасымов', 'Шмидт', 'Әбдіқадыр', 'Петренко', 'Мұратқызы', 'Исаев'];
const STREETS = ['Абай', 'Букетов', 'Жамбыл', 'Қонаев', 'Пушкин', 'Мұқанов', 'Сәтбаев', 'Горький', 'Уәлиханов', 'Назарбаев', 'Интернационал', 'Егемен Қазақстан', 'Парковая', 'Ружейников', 'Хименко'];
const VILLAGES = ['Бескөл', 'Мамлют', 'Тайынша', 'Сергеевка', 'Булаев', 'Смирново', 'Явленка', 'Новоишимское', 'Кішкенекөл', 'Пресновка'];

// {s}: a street, {v}: a village, {h}: a number of a house.
const ASKED = {
  kk: [
    '{s} көшесіндегі бағдаршам қашан жөнделеді?',
    '{s} көшесі {h} үйдің жанында неге жаяу жүргіншілер өткелі жоқ?',
    '{v} ауылында учаскелік полицей бар ма, қайда отырады?',
    '{s} көшесінде түнде көліктер жарысады, рейд қашан болады?',
    'Интернетте алаяқтар ақшамды алып кетті, {v} ауылынан қайда жүгінеміз?',
    'Жүргізуші куәлігін ауыстыру үшін {v} тұрғындары қайда барады?',
    '{s} көшесіндегі камералар жұмыс істей ме?',
    '{v} ауылында мал ұрлығы көп, не істеп жатырсыздар?',
    'Айыппұлды қате салды, {s} көшесі бойынша қалай шағымдансам болады?',
    '{s} {h} үйде көршілер күнде төбелеседі, полиция неге келмейді?',
    '{v} мектебінің жанында есірткі сатып жүргендер бар, қашан тексересіздер?',
    '{s} көшесінде қоғамдық тәртіп сақшылары неге жүрмейді?',
  ],
  ru: [
    'Когда починят светофор на улице {s}?',
    'Почему на {s} {h} нет пешеходного перехода?',
    'Есть ли участковый в {v} и где его найти?',
    'На улице {s} ночью гоняют машины, когда будет рейд?',
    'Мошенники сняли деньги с карты, куда обращаться из {v}?',
    'Где жителям {v} поменять водительское удостоверение?',
    'Работают ли камеры на улице {s}?',
    'В {v} постоянно воруют скот, что вы делаете?',
    'Штраф пришёл по ошибке на {s}, как его обжаловать?',
    'Соседи на {s} {h} дерутся каждый день, почему полиция не едет?',
    'Возле школы в {v} торгуют наркотиками, когда проверите?',
    'Почему на улице {s} не ходят патрули?',
  ],
};
const OTHER = {
  kk: ['Сәлеметсіздер ме!', 'Рахмет эфирге', 'Бәріне қайырлы кеш, {v} сәлем айтады', 'Жақсы жұмыс істеп жатырсыздар, алға', 'Мен осылай ойлаймын', 'Дұрыс айтасыз, {s} көшесінде солай', '👏👏👏', 'Тыңдап отырмыз {v} ауылынан'],
  ru: ['Добрый вечер', 'Спасибо за эфир', 'Привет всем из {v}', 'Молодцы, так держать', 'Я так и думал', 'Согласен, на {s} так и есть', '👍', 'Слушаем вас из {v}'],
  adverts: ['Табыс 500000 айына, жазыңыз t.me/kazyna_{h}', 'Заработок без вложений, пиши в директ {h}', 'Кредит без отказа wa.me/7700{h}'],
  insults: ['сволочи вы все', 'дураки сидят там'],
};
const PREFIX = ['', '', '', '', 'Сәлеметсіз бе, ', 'Здравствуйте! ', 'Сұрақ: ', 'Вопрос: ', 'Айтыңызшы, '];
const SUFFIX = ['', '', '', '', ' Рахмет', ' Спасибо', ' 🙏', '??'];

/** A source of numbers below 1 that the seed alone decides. */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const digits = (roll, n) => Array.from({ length: n }, () => Math.floor(roll() * 10)).join('');

/** Year, month, day of birth, century and sex, a serial, and the check digit. */
function iin(roll) {
  for (;;) {
    const day = String(1 + Math.floor(roll() * 28)).padStart(2, '0');
    const month = String(1 + Math.floor(roll() * 12)).padStart(2, '0');
    const body = `${60 + Math.floor(roll() * 40)}${month}${day}${3 + Math.floor(roll() * 2)}${digits(roll, 4)}`;
    const sum = (first) => [...body].reduce((all, d, i) => all + Number(d) * (((i + first) % 11) + 1), 0) % 11;
    const check = sum(0) < 10 ? sum(0) : sum(2);
    if (check < 10) return body + check;
  }
}

function card(roll) {
  const body = `4400${digits(roll, 11)}`;
  const sum = [...body].reduce((all, d, i) => {
    const twice = Number(d) * (i % 2 === 0 ? 2 : 1);
    return all + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

function iban(roll) {
  const account = `125KZT${digits(roll, 10)}`;
  const number = [...`${account}KZ00`].map((c) => (/\d/.test(c) ? c : String(c.charCodeAt(0) - 55))).join('');
  return `KZ${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`;
}

const spaced = (text, ...cuts) => {
  let rest = text;
  return [...cuts.map((n) => { const part = rest.slice(0, n); rest = rest.slice(n); return part; }), rest].filter(Boolean).join(' ');
};

/** What a careless person leaves in a question: [the words around it, the item]. */
const PERSONAL = [
  (roll) => { const p = digits(roll, 7); return [`8 701 ${spaced(p, 3, 2)}`, ' Нөмірім {x}']; },
  (roll) => { const p = digits(roll, 7); return [`+7705${p}`, ' Мой номер {x}']; },
  (roll) => { const p = digits(roll, 7); return [`8-777-${p.slice(0, 3)}-${p.slice(3, 5)}-${p.slice(5)}`, ' Перезвоните {x}']; },
  (roll) => [iin(roll), ' ЖСН {x}'],
  (roll) => [iin(roll), ' мой ИИН {x}'],
  (roll) => [spaced(card(roll), 4, 4, 4), ' карта {x}'],
  (roll) => [iban(roll), ' шотым {x}'],
  (roll) => [`${digits(roll, 3)}${['ABC', 'KMA', 'TBX', 'HOP'][Math.floor(roll() * 4)]}15`, ' көлік {x}'],
  (roll) => [`user${digits(roll, 5)}@mail.kz`, ' почтам {x}'],
];

const at = (roll, list) => list[Math.floor(roll() * list.length)];
const fill = (roll, text) => text
  .replace('{s}', at(roll, STREETS)).replace('{v}', at(roll, VILLAGES)).replace('{h}', 1 + Math.floor(roll() * 199));

function sentence(roll) {
  const lang = roll() < 0.55 ? 'kk' : 'ru';
  const part = roll();
  if (part < 0.42) return { asks: true, text: at(roll, PREFIX) + fill(roll, at(roll, ASKED[lang])) + at(roll, SUFFIX) };
  if (part < 0.94) return { text: fill(roll, at(roll, OTHER[lang])) };
  return { text: fill(roll, at(roll, part < 0.98 ? OTHER.adverts : OTHER.insults)) };
}

/**
 * `n` lines of chat {id, author, text} and the `personal` items that are planted in some of those that
 * ask. `prefix` keeps the ids of two evenings apart.
 */
export function evening(n, { seed = 1, personal = 0, prefix = 'm' } = {}) {
  const roll = dice(seed);
  const people = Array.from({ length: Math.max(20, Math.floor(n / 6)) }, (_, i) => ({
    id: `${prefix}-p${i}`, name: `${at(roll, FIRST)} ${at(roll, LAST)}`,
  }));
  const lines = Array.from({ length: n }, (_, i) => ({ id: `${prefix}${i}`, author: at(roll, people), ...sentence(roll) }));
  const asking = lines.filter((one) => one.asks);
  const planted = [];
  for (let i = 0; i < personal; i++) {
    const [item, around] = PERSONAL[i % PERSONAL.length](roll);
    const line = asking[Math.floor((i * asking.length) / personal)];
    line.text += around.replace('{x}', item);
    planted.push(item);
  }
  return { lines: lines.map(({ id, author, text }) => ({ id, author, text })), planted };
}

/** The same as a recorded chat, one line each `every` milliseconds. */
export function recording(lines, { from = Date.UTC(2026, 0, 1), every = 50 } = {}) {
  return lines.map((one, i) => `${JSON.stringify({ ...one, at: new Date(from + i * every).toISOString() })}\n`).join('');
}
