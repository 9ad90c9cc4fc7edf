//! How counts are read: of one, two, five and twenty-one.
#![cfg(test)]

use crate::chat::{key::Key, words::Words};
use crate::domain::user::Language;

/// A text and the name of its number, with what else it needs, and what is read in it of 1, 2, 5 and 21 in
/// each language; nothing where that number is never said.
type Read<'a> = (Key, &'a str, &'a [(&'a str, i64)], [[&'a str; 4]; 2]);

const READ: [Read<'_>; 13] = [
    (
        Key::EndedAll,
        "count",
        &[],
        [
            ["✅ Видео у вас", "Оба видео у вас", "Все 5 видео у вас", "Все 21 видео у вас"],
            ["have the video.", "have both videos.", "have all 5 videos.", "have all 21 videos."],
        ],
    ),
    (
        Key::ClosingAll,
        "count",
        &[],
        [
            ["Готово! Снять", "Готово, оба видео", "Готово, все 5 видео", "Готово, все 21 видео"],
            ["Done! Shall", "have both videos!", "have all 5 videos!", "have all 21 videos!"],
        ],
    ),
    (
        Key::SeriesClosing,
        "count",
        &[("delivered", 9)],
        [
            ["Готово! Снять", "из 2 видео", "из 5 видео", "из 21 видео"],
            ["Done! Shall", "of 2 videos", "of 5 videos", "of 21 videos"],
        ],
    ),
    (
        Key::SeriesClosingNone,
        "count",
        &[],
        [
            ["не получилось, кредит", "не получились", "не получились", "не получились"],
            ["The video did", "The videos did", "The videos did", "The videos did"],
        ],
    ),
    (
        Key::OrderSoon,
        "count",
        &[],
        [
            ["Пришлю видео сюда", "Каждое видео", "Каждое видео", "Каждое видео"],
            ["send it here", "each video", "each video", "each video"],
        ],
    ),
    (
        Key::Progress,
        "count",
        &[],
        [
            ["Ваше видео в работе", "Ваши 2 видео", "Ваши 5 видео", "Ваши 21 видео"],
            ["Your video is", "Your 2 videos are", "Your 5 videos are", "Your 21 videos are"],
        ],
    ),
    (
        Key::ProgressMore,
        "count",
        &[("shown", 20)],
        [["", "", "", "20 из 21 заказа."], ["", "", "", "20 of 21 orders."]],
    ),
    (
        Key::StatusFailed,
        "videos",
        &[],
        [
            [
                "1 видео, кредит за него",
                "2 видео, кредиты за них",
                "кредиты за них",
                "кредиты за них",
            ],
            ["1 video did", "2 videos did", "5 videos did", "21 videos did"],
        ],
    ),
    (
        Key::StatusCancelled,
        "videos",
        &[],
        [
            [
                "1 видео, кредит за него",
                "2 видео, кредиты за них",
                "кредиты за них",
                "кредиты за них",
            ],
            ["1 video was", "2 videos were", "5 videos were", "21 videos were"],
        ],
    ),
    (
        Key::StatusFilming,
        "videos",
        &[("count", 30)],
        [
            ["Снимается 1 видео", "Снимаются 2 видео", "Снимается 5 видео", "Снимается 21 видео"],
            ["1 video is", "2 videos are", "5 videos are", "21 videos are"],
        ],
    ),
    (
        Key::PromptPhotos,
        "photos",
        &[("left", 0)],
        [
            ["", "пойдут оба фото", "пойдут все 5 фото", "пойдут все 21 фото"],
            ["", "both photos", "all 5 photos", "all 21 photos"],
        ],
    ),
    (
        Key::SeriesLost,
        "unusable",
        &[],
        [
            [
                "1 фото не подошло, его",
                "не подошли, их",
                "не подошли, их",
                "21 фото не подошло, их",
            ],
            ["1 photo cannot be used and is", "photos", "photos", "21 photos"],
        ],
    ),
    (
        Key::VoiceTooLong,
        "minutes",
        &[],
        [
            ["до 1 минуты", "до 2 минут", "до 5 минут", "до 21 минуты"],
            ["1 minute.", "2 minutes.", "5 minutes.", "21 minutes."],
        ],
    ),
];

#[test]
fn every_count_reads_right() {
    let words = Words::shipped();
    for (key, name, others, read) in READ {
        for (language, read) in Language::ALL.into_iter().zip(read) {
            for (number, expected) in [1_i64, 2, 5, 21].into_iter().zip(read) {
                let mut values = vec![(name, number.into())];
                values.extend(others.iter().map(|(name, number)| (*name, (*number).into())));
                let text = words.text(language, key, &values).replace('\u{a0}', " ");
                assert!(text.contains(expected), "{key}: {text}");
            }
        }
    }
}
