# All that reelbot says in English. Markup: b, i, code, pre, blockquote, blockquote expandable.
# Keys button-… and command-… are plain text without markup.

## Numbers

credits = { $credits ->
    [one] { $credits } credit
   *[other] { $credits } credits
}
credit-back = { $videos ->
    [1] { $credits ->
        [0] This video took no credits.
        [1] Your credit is back ✅
       *[other] Your { credits } are back ✅
    }
   *[other] { $videos } videos did not work out, and { $credits ->
        [0] they took no credits.
        [1] your credit is back ✅
       *[other] your { credits } are back ✅
    }
}

## Buttons

button-own-text = ✍️ My own text
button-ideas = ⬅️ Back to the ideas
button-choose = ✅ Film it like this
button-more-samples = 👀 More examples
button-use-text = ✅ Yes, film this text
button-use-captions = ✅ Yes, film the captions
button-album-one = 📦 One product
button-album-many = 🗂 Different products
button-other-side = 📷 Another photo of it
button-count = { $count ->
    [one] { $count } video
   *[other] { $count } videos
} · { credits }
button-series-count = { $products } × { $count ->
    [one] { $count } video
   *[other] { $count } videos
} · { credits }
button-series-rest = ➕ Products left: { $products }
button-series-more = 🔄 Another idea for these
button-refresh = 🔄 Refresh
button-product-number = Product { $number }
button-another-script = 🔁 Another script
button-edit-script = ✏️ Edit
button-cancel = ✖️ Cancel
button-cancel-videos = ✖️ Cancel { $videos ->
    [one] { $videos } video
   *[other] { $videos } videos
}
button-cancel-named = ✖️ { $videos ->
    [one] { $videos } video
   *[other] { $videos } videos
}: { $name }
button-series-name = { $products ->
    [one] { $products } product
   *[other] { $products } products
}, { $time }
button-more = 🔄 More with this product
button-another-photo = 📸 Another photo
button-rewrite = ✍️ Rewrite for free
button-rewrite-product = ✍️ Rewrite: { $name }
button-other-style = 🎭 Another style
button-other-format = 📐 Another format
button-as-file = 📎 As a file
button-keep-style = ⭐ Save the style
button-my-videos = 🎬 My videos
button-page-back = ◀ Newer
button-page-next = Older ▶
button-search = 🔎 Search
button-archives = 🗂 Download all
button-archive-month = 📅 { $month } · { $count ->
    [one] { $count } video
   *[other] { $count } videos
}
button-archive-order = 🧾 { $name } · { $count ->
    [one] { $count } video
   *[other] { $count } videos
}
button-archive-series = 🗂 Series { $name } · { $count ->
    [one] { $count } video
   *[other] { $count } videos
}
button-archives-of-orders = 🧾 By order
button-archives-of-months = 📅 By month
button-my-styles = ⭐ My styles
button-rename = ✏️ Rename
button-delete = 🗑 Delete
button-style-name = My style
button-menu = 🏠 Main menu
button-balance = 💳 Balance
button-top-up = 💳 Top up
button-write = 💬 Write
button-examples = 👀 Examples
button-help = ❓ Help
button-russian = 🇷🇺 Русский
button-english = 🇬🇧 English
button-chosen = ✅ { $name }
button-seconds = { $seconds } s
button-quiet = 🔕 Quiet at night
button-loud = 🔔 Always with sound
button-mute-day = 🔕 Mute for a day
button-mute-week = 🔕 Mute for a week
button-unmute = 🔔 Unmute

## The command list

command-start = Start over
command-my = My videos
command-balance = How many credits I have
command-help = How it works
command-settings = Language, format, length and quiet nights
command-language = Language · Язык
command-support = Write to support
command-terms = Terms
command-privacy = What data is kept
command-paysupport = Questions about payments

## The beginning

start-first = 👋 Hello! I turn product photos into short videos for shop listings, ads and social media.
start-again = 🏠 <b>Main menu</b>
    I turn product photos into short videos.
start-example = A photo of a mug, for example, becomes a clip in which it slowly turns in the morning light while steam rises from the coffee.
start-ideas = 💡 Ready-made ideas: { $ideas }
start-gift = 🎁 Here is a gift to try it with: { credits }.
start-balance = 💳 Your balance: { credits }
video-format = { $seconds ->
    [0] { $aspect }
    [one] { $aspect }, { $seconds } second
   *[other] { $aspect }, { $seconds } seconds
}
start-price = { $varies ->
    [0] { $credits ->
        [1] 1 credit = 1 video.
       *[other] 1 video = { credits }.
    }
   *[other] { $credits ->
        [1] 1 credit = 1 video ({ video-format }).
       *[other] 1 video ({ video-format }) = { credits }.
    }
}
start-photo = 📸 <b>Send a photo of your product</b>
examples = ✨ <b>What becomes of a single photo</b>

    • A mug slowly turns in the morning light while steam rises from the coffee.
    • The camera glides over a sneaker from the sole to the laces, and soft neon lights up around it.
    • A bottle stands on a wet stone, drops run down the glass, and the shadow of leaves sways behind it.
sample = <b>{ $name }</b>
sample-illustration = <b>{ $name }</b>
    <i>An illustration, not made by the model.</i>
samples-choose = 👆 Tap “Film it like this” below the one you like.

## The photo

photo-needed = 📸 Send a photo of your product first, and I start right away.
photo-not-an-image = This file does not look like a photo. Please send a picture of the product as JPEG, PNG or WEBP.
photo-other-format = I cannot open pictures of this format. Please send it as a photo rather than as a file, or save it as JPEG or PNG.
photo-too-large = This photo is too heavy. Please send a file of up to { $megabytes } MB, or send it as a photo rather than as a file.
photo-too-small = This photo is too small, the video would be blurry. Each side needs at least { $side } pixels.
photo-gone = 📸 I do not have this photo any more: Telegram does not hand it out. Please send it once more, and I start right away.
photo-no-more = 📸 I can no longer film from this photo. Please send the photo of the product again, or another one, and I start right away.
photo-advice-blurred = 💡 <i>This photo is a little blurred, and so will the video be. If you have a sharper one, send it; this one can be used too.</i>
photo-advice-dark = 💡 <i>This photo is dark, the product is hard to see. Daylight makes a better video; this one can be used too.</i>
photo-advice-small = 💡 <i>This photo is small, fine details will be lost. 900×1200 or more is better; this one can be used too.</i>
photo-advice-background = 💡 <i>The photo has quite another shape than a video of { $aspect }: a blurred background will fill most of the frame. Closer to { $aspect } will look better, but this one can be used too.</i>
photo-advice-cut = 💡 <i>The photo has quite another shape than a video of { $aspect }: only a part of it will be seen. Closer to { $aspect } will look better, but this one can be used too.</i>
photo-named = 📦 Noted: { $name }. The next videos of this product will be named so.
photo-replaced = 📸 The photo is replaced: I film the new one from now on.
photo-replaced-anew = I am writing the script anew; the buttons from before order nothing.
photo-replaced-ordered = Videos that are ordered already keep the photo from before.
photo-kept = The photo from before stays: it is the one that I film.

## The album

album-question = 📸 { $photos } photos: is this one product from several sides, or different products?
album-unusable = <i>{ $unusable ->
    [one] { $unusable } more file cannot be used
   *[other] { $unusable } more files cannot be used
}: { $why }.</i>
album-not-an-image = no photo
album-other-format = not a JPEG, PNG or WEBP
album-too-large = over { $megabytes } MB
album-too-small = under { $side } pixels a side
album-gone = no longer to be had from Telegram
album-choose = 📷 A video is made from one photo. Which one shall I take? The numbers follow the order of the album.

## Idea and script

prompt-new-photo = 📸 Got your photo! What should happen in the video?

    Pick an idea or write your own.
prompt-same-photo = 📸 I still have your product photo. What should happen in the video?

    Pick an idea or write your own.
prompt-caption = 📸 Got your photo! Shall I film your text?
    <blockquote>{ $text }</blockquote>

    Or pick a ready-made idea.
prompt-photos = 📷 { $left ->
    [0] { $photos ->
        [2] The video shows the product from both photos.
       *[other] The video shows the product from all { $photos } photos.
    }
   *[other] The video shows the product from the first { $photos } photos: the model takes no more.
}
own-text-invitation = ✍️ <b>Describe the video in your own words</b>

    It works best when you say how the product moves, what the camera does, and what the light and the background are like. Better leave out people and other brands: such videos do not pass the checks.

    <i>For example: the bottle slowly turns on a wet stone, the camera glides closer, soft morning light.</i>
own-text-spoken = 🎤 You can also say it in a voice message.
own-text-empty = There is no text in this message. Please describe what happens in the video: a sentence or two will do.
own-text-too-long = That is too long: { $length ->
    [one] { $length } character
   *[other] { $length } characters
}, and the limit is { $limit }. Please keep what matters most and send it as one message.
own-text-offer = ✍️ Shall I make a video of this product from your text?
    <blockquote>{ $text }</blockquote>
own-text-offer-product = 📦 { $name }
    ✍️ Shall I make a video of this product from your text?
    <blockquote>{ $text }</blockquote>
voice-as-text = 🎤 I do not understand voice messages yet. Please write what the video should show.
voice-too-long = 🎤 That message is too long for me: I listen for up to { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}. Please say it in fewer words, or write it.
voice-enough = 🎤 That is enough of voice messages for today. Please write from here on.
voice-listening = 🎤 Listening…
voice-heard = 🎤 I heard:
    <blockquote>{ $text }</blockquote>
voice-nothing = 🎤 I could not make out any words. Please say it again, or write it.
voice-given-up = 🎤 The voice message cannot be put into words just now. Please write it.
script-writing = ✍️ Writing the script…
script-still-writing = ✍️ Already writing the script, just a moment.
script-title = 🎬 <b>The script is ready</b>
    <blockquote>{ $prompt }</blockquote>
script-summary = 🎬 <b>The script is ready</b>

    { $summary }
    <blockquote expandable>{ $prompt }</blockquote>
script-scenes = 🎬 <b>The script is ready</b> · { $count ->
    [one] { $count } scene
   *[other] { $count } scenes
}

    { $summary } Each next video follows a scene of its own.
    <blockquote expandable>{ $prompt }</blockquote>
script-other-format = 📐 <b>The same script in another format.</b> Choose which:
script-same-words = { $summary }
    <blockquote expandable>{ $prompt }</blockquote>
script-same-prompt = <blockquote>{ $prompt }</blockquote>
script-people = 🙂 There seem to be people in the photo: the service often refuses these, and then your credit comes back. A photo of the product alone is the safer choice, but you can order with this one too.
script-several = 📦 The photo seems to show several products: all of them will be in the video. A photo of one is safer, but you can order with this one too.
script-preset-as-is = <i>The script writer is away right now, so I took this idea's ready-made text. It makes a good video too.</i>
script-own-as-is = <i>The script writer did not work on this text, so I took it as it is.</i>
script-style-as-is = <i>The script writer is away just now, and your style was written for another product. So I took a ready-made idea.</i>
script-preset-limit = <i>The script writer is done for today, so I took the ready-made text of this idea. It makes a good video too.</i>
script-own-limit = <i>The script writer is done for today, so I took your text as it is.</i>
script-style-limit = <i>The script writer has done its share for today, and your style was written for another product. So I took a ready-made idea.</i>
script-edited-as-is = <i>The text could not be translated just now, so I took it as it is.</i>
script-no-more = ✍️ There are no more new scripts today. Those above can be ordered, and tomorrow I write more.
script-added-above-and-below = 🖼 The photo is wider than the frame: I will add a blurred background above and below.
script-added-at-the-sides = 🖼 The photo is narrower than the frame: I will add a blurred background at the sides.
script-cut-above-and-below = ✂️ The photo is taller than the frame: its top and bottom will be cut off.
script-cut-at-the-sides = ✂️ The photo is wider than the frame: its left and right edges will be cut off.
script-options = 📐 { $aspect }, { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}. { $credits ->
    [1] 1 credit = 1 video.
   *[other] 1 video = { credits }.
}
script-shape = 📐 { $aspect }. { $credits ->
    [1] 1 credit = 1 video.
   *[other] 1 video = { credits }.
}
script-question = Your balance: { credits }. How many videos shall I make?
script-edit = ✏️ Send the changed text in one message, and I will film exactly that. Here is the present one, tap it to copy:

    <code>{ $prompt }</code>
script-edit-file = ✏️ The present text is long, so it is in the file. Send the changed one in one message, and I will film exactly that.

## The series

series-question = 🗂 Products: { $products }. What should happen in the videos?

    Pick one idea for all or write your own.
series-caption = Or shall I film your text?
    <blockquote>{ $text }</blockquote>
series-captions = Or shall I film the captions of the photos?
    <blockquote>{ $list }</blockquote>
series-offer = ✍️ Shall I film all { $products } products from your text?
    <blockquote>{ $text }</blockquote>
series-progress = ✍️ Writing the scripts… Ready: { $ready } of { $products }.
series-none = None of these photos can be used. Please send others, as JPEG, PNG or WEBP.
series-ready = 🎬 <b>The scripts are ready</b>
    <blockquote expandable>{ $list }</blockquote>
series-lost = <i>{ $unusable ->
    [one] { $unusable } photo cannot be used and is
   *[other] { $unusable } photos cannot be used and are
} not in the series.</i>
series-gone = 📸 Telegram does not hand out this photo any more: { $list }. Please send it once more.
series-as-is = <i>The script writer did not write all of them, so I took the ready-made text. It makes a good video too.</i>
series-limit = <i>The script writer is done for today, so some are the ready-made text. It makes a good video too.</i>
series-people = 🙂 There seem to be people: photo { $numbers }. The service often refuses these, and then your credit comes back. A photo of the product alone is the safer choice, but you can order with these too.
series-several = 📦 There seem to be several products: photo { $numbers }. All of them will be in the video. A photo of one is safer, but you can order with these too.
series-blurred = 💡 <i>Blurred: photo { $numbers }. A sharper one makes a better video.</i>
series-dark = 💡 <i>Dark: photo { $numbers }. The product is seen better in daylight.</i>
series-small = 💡 <i>Small: photo { $numbers }. 900×1200 or more is better.</i>
series-added-above-and-below = 🖼 A blurred background above and below: photo { $numbers }.
series-added-at-the-sides = 🖼 A blurred background at the sides: photo { $numbers }.
series-cut-above-and-below = ✂️ Cut off at the top and bottom: photo { $numbers }.
series-cut-at-the-sides = ✂️ Cut off at the left and right: photo { $numbers }.
series-count = Your balance: { credits }. How many videos of each product shall I make?

## The order

order-accepted = ✅ Got it! 🎬 { $count ->
    [one] { $count } video is
   *[other] { $count } videos are
} on the way!
order-balance = 💳 Your balance: { credits }
order-last = 💳 Those were your last credits. How to get more: /balance.
order-soon = { $count ->
    [1] I will send it here as soon as it is ready.
   *[other] I will send each video as soon as it is ready.
}
status-ready = ✅ Done: { $ready } of { $count } videos.
status-failed = ❌ { $videos ->
    [one] { $videos } video did not work out, the credit for it is back.
   *[other] { $videos } videos did not work out, the credits for them are back.
}
status-cancelled = ✖️ { $videos ->
    [one] { $videos } video was called off, the credit for it is back.
   *[other] { $videos } videos were called off, the credits for them are back.
}
status-filming = { $count ->
    [1] 🎥 The video is being filmed.
   *[other] { $videos ->
        [one] 🎥 { $videos } video is being filmed.
       *[other] 🎥 { $videos } videos are being filmed.
    }
}
status-sending = 📤 The video is ready, but Telegram does not take it yet. I will send it again.
status-slow = It takes longer than usual. If it does not work out, the credit comes back by itself.
status-retry = 🔁 The first try did not work out, I am filming again.
status-busy = The studio is very busy, the queue moves more slowly than usual.
status-held = 🔧 The studio is closed for repairs. Your place in the queue and your credits are kept: I will begin as soon as it opens.
status-queue = 🕐 In the queue: about { $videos ->
    [one] { $videos } video is
   *[other] { $videos } videos are
} ahead of you.
status-queue-next = 🕐 You are nearly first in the queue.
status-begins = I am about to begin.
status-wait = The wait is about { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
status-wait-hours = The wait is about { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}.
ended-all = { $count ->
    [1] ✅ You have the video.
    [2] ✅ You have both videos.
   *[other] ✅ You have all { $count } videos.
}
ended-some = ✅ Done: { $ready } of { $count } videos. The credits for the rest are back.
ended-none = { $count ->
    [1] ❌ The video did not work out, your credit is back.
   *[other] ❌ The videos did not work out, your credits are back.
}
ended-cancelled = { $count ->
    [1] ✖️ The order was called off, your credit is back.
   *[other] ✖️ The order of { $count } videos was called off, your credits are back.
}
progress = { $count ->
    [1] 🎬 Your video is in the works. I will send it here as soon as it is ready.
   *[other] 🎬 Your { $count } videos are in the works. I will send each here as soon as it is ready.
}
progress-more = Here are buttons to cancel the first { $shown } of { $count } orders. The others have one under their message.
order-already = This order is already placed, and nothing was charged twice. All that is made will arrive here.
order-held = 🔧 The studio is closed for a short repair. Your place in the queue and your credits are kept: I begin as soon as it opens. If it takes too long, the credits come back by themselves.
order-paused = ☕ A short break: I take no new orders just now. Your credits are untouched and the script stays: tap the button a little later.
order-short = Not quite enough: { $count ->
    [one] { $count } video needs
   *[other] { $count } videos need
} { $missing ->
    [one] { $missing } more credit
   *[other] { $missing } more credits
}. Your balance: { credits }. Nothing was charged.
order-top-up = To top up, write to { $support }.
order-top-up-page = You can top up here: { $support }.
order-top-up-nobody = The bot's administrator can top up your balance.

## The videos

video-caption = { $count ->
    [1] 🎬 Your video is ready
   *[other] 🎬 Video { $number } of { $count }
}
video-gift = { $count ->
    [1] 🎁 The video was late, but here it is
   *[other] 🎁 Video { $number } of { $count } was late, but here it is
}. Its credit is already back, so this one is a gift.
video-scene = <i>{ $name }</i>
video-product = 📦 { $name }
video-link = Telegram did not take the file, so here is a link. It works only for a while, please download the video now:
    { $url }
video-gone = 😔 This video cannot be had any more: { $video }. Telegram does not hand it out, and the studio keeps files for two weeks. The script and the photo are still there for a new one.
video-only-in-chat = 😔 This video cannot be sent as a file: { $video }. It is over 20 MB, but the video itself comes by its number in “My videos”.
video-not-now = 😔 This video could not be sent just now: { $video }. Please try again in an hour.

## My videos

my-title = 🎬 <b>My videos</b>: { $count }
my-hint = Tap a number, and I send that video again, for free.
my-page = Page { $page } of { $pages }
my-none = 🎬 Your videos will be here. 📸 Send a product photo, and I film the first one.
my-found = 🔎 Videos for “{ $word }”: { $count }
my-found-none = 🔎 Nothing was found for “{ $word }”. Try an article number or a word of a video's name.
my-search = 🔎 Send an article number or a word of the name, for example: <code>art 123</code>
my-own-text = your own text
archive-choose = 🗂 <b>Download all</b>

    I put the videos into ZIP archives of up to 50 MB and add a list for Excel. Which videos shall I take?
archive-begun = 🗂 { $title }: I am putting { $count ->
    [one] { $count } video
   *[other] { $count } videos
} into an archive. It comes here as soon as it is ready.
archive-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
archive-order = Order of { $day }
archive-series = Series of { $day }
archive-part = 🗂 { $title } · part { $part } · { $count ->
    [one] { $count } video
   *[other] { $count } videos
}
archive-list = 📊 { $title } · list for Excel · { $count ->
    [one] { $count } video
   *[other] { $count } videos
}{ $missing ->
    [0] {""}
   *[other] . Not to be had of them: { $missing }, marked in the list
}
archive-columns = Date; Order; Number; Article; Scene; Format; Seconds; Prompt; Credits; File; Part of the archive
archive-missing = not to be had
archive-failed = 😔 The archive “{ $title }” could not be sent just now. Please try again in an hour.

## Styles of one's own

styles-title = ⭐ <b>My styles</b>: { $count } of { $most }

    They stand among the ideas of every photo. Tap a number to rename a style or to delete it.
styles-none = ⭐ Your styles will be here. Tap “⭐ Save the style” under a video that you like, and film other products the same way.
styles-full = ⭐ { $most } styles are saved already, and there is no room for more. Delete one and tap again.
style = ⭐ <b>{ $name }</b>
    <blockquote expandable>{ $prompt }</blockquote>
style-rename = ✏️ Send a new name for the style “{ $name }”, of up to { $most } characters.
style-bad-name = That name does not do. Please send one of up to { $most } characters, in one line.
closing-all = { $count ->
    [1] 🎉 Done! Shall I make more?
    [2] 🎉 Done, you have both videos! Shall I make more?
   *[other] 🎉 Done, you have all { $count } videos! Shall I make more?
}
closing-some = Done: { $delivered } of { $count } videos. The credits for the rest are back. Shall I make more?
closing-none = { $count ->
    [1] The video did not work out this time, your credit is back.
   *[other] The videos did not work out this time, your credits are back.
} Shall I try again? I still have the photo.
closing-photo = { $count ->
    [1] The video did not work out with this photo, your credit is back.
   *[other] The videos did not work out with this photo, your credits are back.
} Send another photo, and I will try again.
closing-side = { $count ->
    [1] The video did not work out with this photo, its credit is back.
   *[other] The videos did not work out with this photo, the credits are back.
} Take another photo of this product or send a new one, and I will try again.
closing-photo-gone = { $count ->
    [1] The video was not filmed, your credit is back.
   *[other] The videos were not filmed, your credits are back.
} Send this photo once more, and I start right away.
series-closing = { $count ->
    [1] 🎉 Done! Shall I make more?
   *[other] 🎉 { $delivered } of { $count } videos are ready! Shall I make more?
}
series-closing-some = Done: { $delivered } of { $count } videos.
series-closing-over = No video worked out this time, and your credits are back.
series-closing-none = { $count ->
    [1] The video did not work out this time, and your credit is back. Try again? I still have the photo.
   *[other] The videos did not work out this time, and your credits are back. Try again? I still have the photos.
}
closing-cancelled = { $count ->
    [1] The order was called off, your credit is back.
   *[other] The order was called off, your credits are back.
} I still have the photo: I can film it in another way.
closing-cancelled-some = Done: { $delivered } of { $count } videos. The rest was called off, the credits for it are back. Shall I make more?
closing-text = { $delivered ->
    [0] { $count ->
        [1] The video did not work out this time, and your credit is back.
       *[other] The videos did not work out this time, and your credits are back.
    }
   *[other] Done: { $delivered } of { $count } videos. The credits for the rest are back.
} I can rewrite the script for free so that it passes the check. Videos of it are at the usual price.
rewrite-away = ✍️ It could not be rewritten just now: the script writer is away, and the text as it was did not pass the check. Try again a little later, it is still free, or choose another idea.
rewrite-given-up = ✍️ This script cannot be rewritten. Please choose another idea for this photo.
credits-granted = 🎁 You have received { $amount ->
    [one] { $amount } credit
   *[other] { $amount } credits
}. Your balance: { credits }

## Failures

failed-people = ❌ There are people in the photo, and the service does not allow animating people. Please send a photo with nothing but the product in it. { credit-back }
failed-copyright = ❌ The service noticed another brand, logo or character. Try a different photo, or leave the name out of the text. { credit-back }
failed-adult = ❌ The service found the photo or the text too explicit. Try a different photo or description. { credit-back }
failed-bad-file = ❌ This photo could not be processed. Please send another one: a clear JPEG, PNG or WEBP picture of the product. { credit-back }
failed-photo-gone = ❌ Telegram does not hand out this photo any more. Please send it once more. { credit-back }
failed-away = ⌛ { $videos ->
    [1] The video was
   *[other] { $videos } videos were
} ready and waited ten days for you: they are kept no longer. { $credits ->
    [0] This took no credits.
    [1] Your credit is back ✅
   *[other] Your { credits } are back ✅
}
failed-rules = ❌ The photo or the text did not pass the service's checks. Try a different photo, or describe the video differently. { credit-back }
failed-ours = ❌ Something broke on my side, and it is being mended. { credit-back }
failed-ours-support = ❌ Something broke on my side. If it happens again, write to support: /support. { credit-back }
failed-crowded = ❌ There are too many orders right now. Please try again a little later. { credit-back }
failed-temporary = ❌ Something went wrong. { credit-back } This usually passes by itself: please try again a little later.
failed-model-down = ❌ The studio is closed for repairs longer than expected. Please try again later. { credit-back }
failed-timeout = ❌ The { $videos ->
    [1] video
   *[other] videos
} took too long. { credit-back } If { $videos ->
    [1] it does turn up, I will send it as a gift.
   *[other] they do turn up, I will send them as a gift.
}
failed-cancelled = ✖️ { $videos ->
    [1] The video was
   *[other] The videos were
} called off. { credit-back }

## For operators

alert-account-empty = 🚨 The KIE account <b>{ $subject }</b> has no credits left; its keys are off. Top it up: they come back by themselves.
    KIE: <code>{ $detail }</code>
alert-low-balance = ⚠️ The KIE account <b>{ $subject }</b> has { $detail } credits left. Time to top it up.
alert-key-dead = 🚨 KIE does not accept the key <b>{ $subject }</b>; it is off. Put another in its place: <code>reelbot keys add</code>.
    KIE: <code>{ $detail }</code>
alert-key-capped = ⚠️ The key <b>{ $subject }</b> has reached its own cap and rests until tomorrow.
    KIE: <code>{ $detail }</code>
alert-key-gone = 🚨 Videos under way with the key <b>{ $subject }</b>: <code>{ $detail }</code>. This run does not know that key, so they cannot be fetched and will be refunded. Give the key back and restart, and they arrive.
alert-no-keys = 🚨 No KIE key can be used, so orders get their credits back. See <code>reelbot keys list</code>.
alert-rate-limit = ⚠️ KIE keeps saying “too many requests” to the account <b>{ $subject }</b>. Orders wait; whoever waits over 10 minutes gets the credit back. Another account helps, or a smaller <code>kie.creates_per_10s</code>.
    KIE: <code>{ $detail }</code>
alert-model-down = 🚨 The model <b>{ $subject }</b> is down. The fallback takes over; without one, orders wait. I look every minute whether it is back.
    KIE: <code>{ $detail }</code>
alert-our-bug = 🐞 KIE does not understand my request (<b>{ $subject }</b>); the person has the credit back. Please tell the developers of reelbot.
    KIE: <code>{ $detail }</code>
alert-unknown = ❓ KIE said something new (<b>{ $subject }</b>); the person has the credit back. Please tell the developers of reelbot.
    KIE: <code>{ $detail }</code>
alert-damage = 🚨 The database is damaged, and the bot stops: nobody is charged on half a database. Put the file aside and restore a backup. Found: { $detail }
alert-telegram-files = 🚨 Telegram has the photos, but I cannot read them: <code>{ $detail }</code>. Where your Bot API server runs with <code>--local</code>, let reelbot read its folder, or set <code>telegram.file_url</code>. Orders are tried again a few times, then refunded.
alert-database-moved = 🚨 The database is no longer where the bot opened it, and the bot stops: what it would write, nobody would find. Put the right file back and start the bot again. Found: { $detail }
alert-config = ⚠️ The changed settings cannot be used: <code>{ $detail }</code>. Those of before stay in force. Mend the file, and I read it again by myself; <code>reelbot config check</code> explains more.
alert-audit = 🚨 The nightly audit found something off: <b>{ $subject }</b>, in { $detail } place(s). Keep a copy of the database and run <code>reelbot audit</code>.
alert-payment = 🚨 A payment came that the bot cannot handle yet: <code>{ $detail }</code>, number <b>{ $subject }</b>. It is kept, and I try again every minute.
alert-backup = { $subject ->
    [drill] 🚨 A backup was restored on trial and is of no use
    [after_backup] ⚠️ The backup is made, but the command after it failed
   *[backup] 🚨 No backup could be made
}: <code>{ $detail }</code>. I try again in an hour; <code>reelbot backup list</code> tells more.
alert-muted = 🔕 <i>You will not hear of this again until { $until }. The log still has it.</i>

## Answers to the unexpected

hint-stale = This button is out of date. Send a photo of your product, or start from the main menu.
hint-unknown-command = There is no such command. Send a photo of your product, or see /help.
hint-other-media = { $listens ->
    [0] I understand photos and text.
   *[other] I understand photos, text and voice messages.
} 📸 Send a photo of your product, and I will make a video of it.
hint-cancelled = All right, I no longer wait for a text. The scripts that are there can be ordered at any time.
hint-nothing-to-cancel = There is nothing to cancel: no video of yours is being filmed or waits.
hint-pleasure = 😊 I make videos from photos. Tap a button under a script, or send a photo of your product.
hint-trouble = Something went wrong on my side. Please try again in a minute.

## Answers to taps: up to 200 characters, without markup

toast-stale = This button is out of date
toast-writing = Already writing the script
toast-samples = The examples are on their way
toast-accepted = Already accepted
toast-cancelled = { $videos ->
    [one] { $videos } video was called off
   *[other] { $videos } videos were called off
}, { credits } back
toast-cancelled-some = { $videos ->
    [one] { $videos } video was called off
   *[other] { $videos } videos were called off
}, { credits } back. { $filming ->
    [1] Another is being filmed and will come
   *[other] The others are being filmed and will come
}
toast-filming = Being filmed already, it cannot be called off. I will send it as soon as it is ready
toast-ended = This order has ended
toast-offer-changed = The format, the frame or the price has changed. Check it and tap again
toast-photo-gone = One of the photos is gone. Check the series and tap again
toast-photos-changed = The videos would show another number of photos now. Check it and tap again
toast-edges-changed = The edges of the photo would be different now. Check it and tap again
toast-photo-replaced = The photo was replaced. Check the new script and tap again
toast-idea-gone = This idea is gone. Please pick another
toast-captions-changed = The captions have changed. Check them and tap again
toast-not-offered = This format or length is not on offer now
toast-sending = Sending
toast-file = 📎 Preparing the file
toast-on-its-way = It is on its way
toast-archives = That makes 20 archives within a day. More can be had tomorrow
toast-below = 👇 It is below
toast-vote-up = 🙏 Thank you! Glad you like it
toast-vote-down = 🙏 Thank you, noted. Try another style
toast-style-kept = ⭐ The style “{ $name }” is saved, among the ideas
toast-style-already = ⭐ This style is saved already: “{ $name }”
toast-style-deleted = The style is deleted
toast-no-payments = Nothing can be paid for here yet. You were not charged.

## Commands

balance = 💳 Your balance: { credits }
balance-price = { $varies ->
    [0] One video: { credits }.
   *[other] One video ({ video-format }): { credits }.
} If a video does not work out, its credit comes back by itself.
help = <b>How it works</b>

    1. 📸 Send a photo of your product.
    2. Pick an idea, or describe the video in your own words.
    3. Read the script and choose how many videos to make.
    4. The videos arrive right here, usually within minutes.

    A sharp photo of a single product without people works best. If a video does not work out, its credit comes back by itself.
help-more = You can also:

    📦 Send several photos at once, of one product or of different ones.
    🏷 Write an article number under a photo, like “art. 123”: captions and file names will have it, and /my art 123 finds its videos.
help-voice = 🎤 Say in a voice message what shall happen in the video.
help-commands =
    /start — start over
    /my — my videos
    /balance — your credits
    /settings — language, format, length, quiet nights
    /language — language
    /support — write to support
    /terms — terms
    /privacy — what data is kept
settings = ⚙️ <b>Settings</b>

    Which language I speak, and which format and length your videos have. What is marked holds: tap another to change it. Videos that are already ordered stay as they are.
settings-quiet = 🌙 From { $from }:00 to { $until }:00 ({ $zone }) videos and news come without a sound.
settings-loud = 🔔 Videos and news come with a sound at any time.
language-choose = Choose your language · Выберите язык
language-chosen = I speak English now 🇬🇧
support = 💬 A question, or something does not work? Write to { $support }, and you will be helped.
support-page = 💬 A question, or something does not work? You will be helped here: { $support }.
support-nobody = 💬 No support contact has been set yet. With questions, turn to whoever gave you this bot.
terms = <b>Terms</b>

    • The videos are made by artificial intelligence, so no two clips from one script are the same.
    • Credits are charged when you order. For a video that does not work out, the credit comes back by itself.
    • Send only photos that you have the rights to. Not allowed: other brands, explicit or unlawful content. Videos of photos with people are often refused by the service.
    • The finished videos are yours: use them in listings, ads and social media.
privacy = <b>What data is kept</b>

    • Your Telegram id, name, @name and language, the movements of your credits, your orders with their scripts, saved styles, votes on videos, and references to photos and videos: as long as the bot works, or until you ask for their deletion. The photos and videos themselves are at Telegram.
    • Texts and scripts that were not ordered: for a week after their last change.
    • Messages: yours for three days, the bot's notifications for up to a month.
    • Photo and text go abroad: to KIE, where the video is made, and to GPT, where the script is written and voice messages are heard. KIE keeps files for up to two weeks. Nobody else gets any data.

    To have your data deleted, write to support: /support.
paysupport = 💳 A question about a payment or a refund? Write to { $support } and name the day and the amount. Telegram's support does not help with purchases in bots.
paysupport-page = 💳 A question about a payment or a refund? Name the day and the amount here: { $support }. Telegram's support does not help with purchases in bots.
paysupport-nobody = 💳 Questions about payments are answered by whoever gave you this bot. Telegram's support does not help with purchases in bots.
