//! Refusals in other languages than English.
//!
//! A prompt is asked for in English. What came in another script than the Latin or the Cyrillic is
//! none. In the languages of these two, what regrets, cannot, may not or asks for the photo is none.

use crate::provider::prompt::phrases::says;

/// In the languages of the Latin script: German, Spanish, Italian, Portuguese, French, Dutch,
/// Polish, Turkish, Vietnamese, Swedish, Norwegian and Danish, Finnish, Czech and Slovak,
/// Romanian, Hungarian, Indonesian, Croatian and Slovene, Catalan and Tagalog.
const LATIN: &str = "\
    leider|tut mir leid|tut uns leid|ich kann|kann ich|wir können|können wir|darf ich|ich darf|\
    nicht möglich|unmöglich|nicht erlaubt|nicht gestattet|nicht zulässig|verstößt|verstoß*|\
    richtlinie*|ablehn*|diese anfrage|ihre anfrage|deine anfrage|bitte|entschuld*|verweiger*|\
    lo siento|lamentablemente|desafortunadamente|lamento|lo lamento|no puedo|no podemos|\
    no se puede|no es posible|no me es|no está permitid*|no estoy|infringe|viola las|\
    política*|políticas|solicitud|por favor|disculp*|perdón|perdona|sube la|envía|envie a|\
    mi dispiace|ci dispiace|spiacente|purtroppo|non posso|non possiamo|non è possibile|\
    non mi è|non è consentit*|non è permess*|non sono in grado|richiesta|per favore|scusa*|\
    carica la|\
    não posso|não podemos|não consigo|não é possível|não é permitid*|não me é|não estou|\
    desculp*|infelizmente|sinto muito|lamento|pedido|solicitação|viola as|\
    désolé*|navré*|malheureusement|je regrette|je ne peux|je ne suis|je ne puis|nous ne pouvons|\
    il m'est|impossible de|pas possible|pas autorisé*|pas permis|contraire aux|enfreint|veuillez|\
    s'il vous plaît|merci de|cette demande|votre demande|\
    het spijt|helaas|ik kan|kan ik|ik mag|mag ik|niet mogelijk|niet toegestaan|dit verzoek|\
    uw verzoek|je verzoek|alstublieft|alsjeblieft|richtlijn*|\
    przykro mi|niestety|nie mogę|nie możemy|nie mog*|przepraszam|przeprasz*|prośb*|proszę|\
    nie jest możliw*|niemożliw*|nie wolno|wyślij|prześlij|narusza|zasady|nie potrafię|\
    üzgün*|maalesef|ne yazık|yapamam|edemem|edemiyorum|olamam|olamıyorum|yardımcı|özür|lütfen|\
    mümkün değil|getirem*|oluşturam*|izin veril*|isteğ*|politika*|yazamam|yazamıyorum|\
    xin lỗi|rất tiếc|tôi không|không thể|vui lòng|yêu cầu|vi phạm|không được phép|\
    tyvärr|ledsen|beklagar|jag kan|kan jag|jag får|inte möjlig*|inte tillåt*|begäran|vänligen|\
    förfrågan|bryter mot|förlåt|\
    beklager|dessverre|desværre|undskyld*|jeg kan|kan jeg|jeg får|ikke mulig*|ikke tillat*|\
    ikke tilladt|forespørsel*|anmodning*|vennligst|venligst|jeg må|unnskyld|\
    valitettavasti|pahoit*|olen pahoillani|anteeksi|en voi|emme voi|en pysty|en saa|\
    ei ole mahdolli*|ei ole salli*|pyyntö*|ole hyvä|\
    omlouvám*|omluv*|bohužel|bohužiaľ|žiaľ|nemohu|nemůž*|nemôž*|je mi líto|je mi ľúto|\
    ospravedl*|prosím|žádost*|žiadosť*|není možn*|nie je možn*|porušuje|není dovolen*|\
    îmi pare|ne pare rău|din păcate|nu pot|nu putem|nu este posibil|nu este permis*|cerere*|\
    vă rog|te rog|încalcă|scuze|\
    sajnál*|sajnos|nem tud*|elnézést|bocsánat|nem lehet*|nem áll mód*|kérés*|kérem|kérjük|\
    nem engedélyez*|megsért*|\
    maaf|mohon maaf|sayangnya|tidak dapat|tidak bisa|tidak boleh|tidak mungkin|permintaan|mohon|\
    silakan|silahkan|melanggar|saya tidak|minta maaf|\
    žao mi|nažalost|na žalost|ne mogu|ne možemo|nije moguće|oprosti*|ispričav*|žal|ne morem|\
    nije dopušten*|zahtjev|zahtev|molim|prosim|\
    ho sento|no puc|no podem|malauradament|no és possible|\
    paumanhin|hindi ko|hindi maaari|pasensya|ikinalulungkot";

/// In those of the Cyrillic: Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian and
/// Kazakh.
const CYRILLIC: &str = "\
    не могу|не можем|не смогу|не сможем|не буду|не стану|не в змозі|отклон*|слишком много|\
    не удаст*|не удалось|не получит*|не вправе|не имею|\
    нельзя|невозможно|наруша*|наруш*|отказ*|запрещ*|не разреш*|не допуска*|недопустим*|\
    неприемлем*|политик*|правила|правилам|правилами|превышен*|превысил*|лимит*|недоступн*|\
    временно не*|попробуйте|повторите|извини*|прости|простите|сожале*|жаль|пришлите|отправьте|\
    загрузите|прикрепите|уточните|ошибк*|промпт не|запрос*|просьб*|помочь|языков*|\
    перепрош*|вибач*|пробач*|на жаль|шкода|прикро|не можу|не можемо|неможливо|не вдал*|поруш*|\
    заборон*|не дозвол*|відмов*|відхил*|надішліть|завантажте|додайте|будь ласка|\
    прабач*|не магу|нельга|выбачайце|на жал|\
    съжалявам|за съжаление|не мога|не можем|невъзможно|не е възможно|моля|\
    жао ми|нажалост|на жалост|не могу|није могуће|опрост*|молим|жал ми|за жал|не можам|\
    кешір*|өкініш*|мүмкін емес|алмаймын|кечир*|афсус";

/// Whether most letters are those of another script than the Latin or the Cyrillic.
pub(crate) fn is_of_another_script(text: &str) -> bool {
    let (mut others, mut all) = (0, 0);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        all += 1;
        others += usize::from(!matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}'
            | '\u{400}'..='\u{52f}' | '\u{ff21}'..='\u{ff5a}'));
    }
    others * 2 > all
}

/// Whether a short text, in lower case, refuses in another language than English.
pub(crate) fn refuses_in_another_language(text: &str) -> bool {
    says(text, LATIN) || says(text, CYRILLIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_told_by_most_letters() {
        for text in ["", "7", "A cup. 杯子", "Чашка.", "Cốc xoay.", "Ａ ｃｕｐ."] {
            assert!(!is_of_another_script(text), "{text}");
        }
        for text in ["一个杯子在桌上旋转", "Λυπάμαι", "ขออภัย", "मुझे खेद है", "אני מצטער OK"]
        {
            assert!(is_of_another_script(text), "{text}");
        }
    }
}
