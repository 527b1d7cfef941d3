//! Key sentences of the person's pages in two registers.

/// A sentence in the usual plain words, and in やさしい日本語.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saying {
    /// As the pages say it.
    pub usual: &'static str,
    /// Short sentences, no jargon, important terms explained.
    pub easy: &'static str,
}

macro_rules! sayings {
    ($($(#[$meta:meta])* $name:ident = $usual:literal, $easy:literal;)+) => {
        impl Saying {
            $($(#[$meta])* pub const $name: Self = Self { usual: $usual, easy: $easy };)+
        }
        /// Every sentence.
        pub const SAYINGS: &[Saying] = &[$(Saying::$name),+];
    };
}

sayings! {
    /// What 被保険者証 is.
    INSURED_CERTIFICATE = "介護保険に入っていることと、認定の内容の証明です。",
        "介護保険に入っている人のカードです。介護がどのくらい必要かも、書いてあります。";
    /// What 負担割合証 is.
    BURDEN = "サービスを使ったときに、あなたがはらう割合の証明です。",
        "サービスを使うと、お金をはらいます。あなたが、どのくらいはらうかを書いてあります。";
    /// What 負担限度額認定証 and the like are.
    RELIEF = "施設や短期入所の食費・部屋代などが安くなる証明です。",
        "施設のごはんのお金や、部屋のお金が安くなります。その証明です。";
    /// What 認定 is.
    CERTIFICATION = "認定〈どのくらい介護が必要かを、市町村が決めること〉",
        "市役所や町役場が、あなたに介護がどのくらい必要かを決めます。これを「認定」といいます。";
    /// What the log is.
    LOG = "あなたの情報を、だれが・いつ・何のために見たかの記録です。すべて残ります。あとから書きかえたり消したりすると、わかるしくみになっています。",
        "あなたの情報を見た人を、ここに書いています。いつ見たか、なぜ見たかも、わかります。この記録は消えません。";
    /// What to do about an unknown reader.
    LOG_ASK = "知らない人や事業所がのっていたら、えんりょなく市町村に聞いてください。それぞれの記録の「このことを市町村に聞く」から聞けます。",
        "知らない人の名前がありますか。聞いてもだいじょうぶです。「このことを市町村に聞く」を押してください。";
    /// What a proof of an entry is.
    PROOF = "この記録には、あとから書きかえたり消したりできない「しるし」がついています。そのしるしは、だれでも見られる記録簿にのっています。証明のファイルがあれば、この記録がたしかに記録簿にあることを、市町村にも運営者にもたよらずに確かめられます。",
        "この記録は、あとから変えることも、消すことも、できません。そのことを、だれでも調べられます。調べるためのファイルを、ここから取れます。";
    /// What consent does.
    CONSENT = "同意すると、認定調査票と主治医意見書を、あなたの担当のケアマネジャーなどが見られるようになります。同意しなくても、認定やサービスは受けられます。",
        "あなたの介護の書類を、ケアマネジャーに見せてもいいですか。「いい」と言うことを「同意」といいます。いやなときは、同意しなくてもだいじょうぶです。サービスは使えます。";
    /// What withdrawing does.
    WITHDRAW = "同意を取り消すと、そのときから、下の事業所はこれらの書類を見られなくなります。これまでに見た記録は残ります。いつでも、もう一度同意できます。",
        "同意をやめると、下の事業所はすぐに書類を見られなくなります。サービスは、これからも使えます。また同意することもできます。";
    /// What a proxy is.
    FAMILY = "家族や成年後見人などに、あなたの代わりにこの画面を見てもらうことができます。登録は、市町村の窓口で受け付けます。",
        "家族などが、あなたの代わりにこの画面を見ることができます。はじめるときは、市役所や町役場に行ってください。";
    /// That a proxy can be ended.
    FAMILY_END = "代理はいつでもやめられます。やめると、その人はすぐに見られなくなります。",
        "いつでもやめられます。やめると、その人はすぐに見られなくなります。";
    /// What the papers are.
    DOCUMENTS = "認定の申請のときに作られた書類です。見られないものには、理由を書いています。",
        "認定のときの書類です。見られない書類もあります。見られないわけも、書いてあります。";
    /// What the survey says.
    SURVEY_PAPER = "調査員が、あなたのからだやくらしの様子を聞いて書いた書類です。認定を決めるときに使われました。",
        "調査の人が、あなたの話を聞いて書いた書類です。";
    /// What the opinion says.
    OPINION_PAPER = "お医者さんが、あなたの病気やからだの様子を書いた書類です。分からないことは、お医者さんに聞いてください。",
        "お医者さんが書いた書類です。分からないことは、お医者さんに聞いてください。";
    /// What feedback of LIFE is.
    LIFE = "サービスの事業所が国に送ったからだの様子の記録（LIFE）から、国が返してきたものです。ケアを見直すために使います。",
        "サービスの事業所が書いた、あなたのからだの様子の記録です。「ライフ」といいます。";
    /// What plans are.
    PLANS = "ケアマネジャーが作った、あなたのケアプランです。",
        "ケアマネジャーが作った、あなたの介護の計画です。「ケアプラン」といいます。";
    /// What a question is.
    QUESTION = "市町村に質問を送ります。答えは、この画面に届きます。急ぐときは、電話をしてください。",
        "市役所や町役場に聞きたいことを書いてください。答えは、この画面に出ます。急ぐときは、電話をしてください。";
    /// What the letter code is for.
    START = "市町村から届いた手紙を見ながら、入れてください。マイナンバーカードはいりません。",
        "市役所や町役場から来た手紙を見てください。手紙に書いてある番号を入れてください。マイナンバーカードは、いりません。";
}

#[cfg(test)]
mod tests {
    use super::SAYINGS;

    #[test]
    fn easy_sentences_are_short_and_without_jargon() {
        // Terms that may stand in the second register only where they are explained, and some that may not at all.
        const JARGON: [&str; 12] = [
            "包括的",
            "区分支給",
            "限度基準額",
            "被保険者",
            "保険者",
            "受給",
            "閲覧",
            "撤回",
            "取得",
            "該当",
            "事由",
            "適用",
        ];
        for saying in SAYINGS {
            for sentence in saying.easy.split('。').filter(|s| !s.is_empty()) {
                let length = sentence.chars().count();
                assert!(length <= 40, "{length}: {sentence}");
            }
            for word in JARGON {
                assert!(!saying.easy.contains(word), "{word}: {}", saying.easy);
            }
            assert_ne!(saying.usual, saying.easy);
        }
    }
}
