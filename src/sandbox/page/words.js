// Small words and small tools of the chat page.

export const WORDS = {
  en: {
    locale: "en-GB",
    nothing: "Nothing leaves this machine", screens: "Every screen", troubles: "Troubles", troublesHint: "Switch on what shall go wrong",
    faster: (times) => `time runs ${times}× faster`, told: (people, videos) => `${people} people · ${videos} video${videos === 1 ? "" : "s"} delivered`,
    addPerson: "Add person", newPerson: "Add a person", name: "Name", language: "Language of their Telegram", cancel: "Cancel", add: "Add",
    text: "Message", send: "Send", attach: "Attach a photo or file", demo: "Send the demo photo", say: "Say it: send the text as a voice message", speak: "Type what the voice shall say", sample: "No photo at hand? Send a cup of coffee",
    away: "The sandbox is not running", large: "That is more than the page passes on at once: 64 MB",
    commands: "Commands", block: "Block", unblock: "Unblock", start: "Start", drop: "Drop to send",
    hint: "This is an empty chat. Press Start to say hello to the bot.", down: "Down to the newest message",
    edited: "edited", silent: "Came without a sound", copied: "Copied", chat: "Chat of", blocked: "has blocked the bot",
    answer: "Reply", change: "Edit", forward: "Forward", forwarded: "Forwarded from", reply: "Reply to", edit: "Edit message", forget: "Leave it",
    caption: "Caption, such as art. 123", remove: "Leave out", uncompressed: "As files, uncompressed", plays: "Worth trying as your own text",
    sticker: "Sticker", voice: "Voice message", media: "Photo",
    actions: { typing: "reelbot is typing", record_video: "reelbot is recording a video",
      upload_video: "reelbot sends a video", upload_photo: "reelbot sends a photo", other: "reelbot is busy" },
  },
  ru: {
    locale: "ru",
    nothing: "Всё остаётся на этой машине", screens: "Все экраны", troubles: "Неполадки", troublesHint: "Включите то, что должно сломаться",
    faster: (times) => `время идёт в ${times} раз быстрее`, told: (people, videos) => `людей: ${people} · видео доставлено: ${videos}`,
    addPerson: "Добавить человека", newPerson: "Новый человек", name: "Имя", language: "Язык Telegram", cancel: "Отмена", add: "Добавить",
    text: "Сообщение", send: "Отправить", attach: "Прикрепить фото или файл", demo: "Отправить пример фото", say: "Сказать: отправить текст голосовым", speak: "Напишите, что сказать голосом", sample: "Нет фото под рукой? Отправить чашку кофе",
    away: "Песочница не запущена", large: "Страница передаёт не больше 64 МБ за раз",
    commands: "Команды", block: "Заблокировать", unblock: "Разблокировать", start: "Начать", drop: "Отпустите, чтобы отправить",
    hint: "Здесь пока пусто. Нажмите «Начать», чтобы поздороваться с ботом.", down: "Вниз, к новым сообщениям",
    edited: "изменено", silent: "Пришло без звука", copied: "Скопировано", chat: "Чат:", blocked: "бот заблокирован",
    answer: "Ответить", change: "Изменить", forward: "Переслать", forwarded: "Переслано от", reply: "Ответ на", edit: "Изменение", forget: "Оставить как есть",
    caption: "Подпись, например арт. 123", remove: "Убрать", uncompressed: "Файлами, без сжатия", plays: "Попробуйте как свой текст",
    sticker: "Стикер", voice: "Голосовое сообщение", media: "Фото",
    actions: { typing: "reelbot печатает", record_video: "reelbot записывает видео",
      upload_video: "reelbot отправляет видео", upload_photo: "reelbot отправляет фото", other: "reelbot занят" },
  },
};

/** The words for somebody whose programs have this language. */
export const ofLanguage = (code) => WORDS[/^(ru|uk|be|kk)/.test(code) ? "ru" : "en"];

/** The words of the page itself. */
export const HERE = ofLanguage(navigator.language);

export const $ = (selector, root = document) => root.querySelector(selector);

/** An element with properties and children; text becomes text, never markup. */
export function make(tag, properties = {}, ...children) {
  const { data = {}, label, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  Object.assign(element.dataset, data);
  if (label) element.setAttribute("aria-label", label);
  element.append(...children);
  return element;
}

export async function send(path, body) {
  const form = body instanceof FormData;
  const headers = form ? {} : { "content-type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: form ? body : JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.status === 204 ? null : answer.json();
}
