//! 基本調査: 55 questions in five groups, twelve kinds of 特別な医療, two 自立度. Verbatim from 認定調査員テキスト2009改訂版.

use super::{Axis, BEDRIDDEN, Choice, ItemDef, choice, many, one};

/// The items of 基本調査 in the order of the sheet.
pub static SURVEY_ITEMS: &[ItemDef] = &[
    many(
        "1-1",
        "麻痺等の有無",
        G1,
        Some(Axis::Presence),
        &[
            choice("1", "ない"),
            choice("2", "左上肢"),
            choice("3", "右上肢"),
            choice("4", "左下肢"),
            choice("5", "右下肢"),
            choice("6", "その他（四肢の欠損）"),
        ],
    ),
    many(
        "1-2",
        "拘縮の有無",
        G1,
        Some(Axis::Presence),
        &[
            choice("1", "ない"),
            choice("2", "肩関節"),
            choice("3", "股関節"),
            choice("4", "膝関節"),
            choice("5", "その他（四肢の欠損）"),
        ],
    ),
    one("1-3", "寝返り", G1, Some(Axis::Ability), FIRM),
    one("1-4", "起き上がり", G1, Some(Axis::Ability), FIRM),
    one(
        "1-5",
        "座位保持",
        G1,
        Some(Axis::Ability),
        &[
            choice("1", "できる"),
            choice("2", "自分の手で支えればできる"),
            choice("3", "支えてもらえればできる"),
            choice("4", "できない"),
        ],
    ),
    one("1-6", "両足での立位保持", G1, Some(Axis::Ability), SUPPORT),
    one("1-7", "歩行", G1, Some(Axis::Ability), FIRM),
    one("1-8", "立ち上がり", G1, Some(Axis::Ability), FIRM),
    one("1-9", "片足での立位保持", G1, Some(Axis::Ability), SUPPORT),
    one(
        "1-10",
        "洗身",
        G1,
        Some(Axis::Care),
        &[choice("1", "介助されていない"), choice("2", "一部介助"), choice("3", "全介助"), choice("4", "行っていない")],
    ),
    one("1-11", "つめ切り", G1, Some(Axis::Care), CARE3),
    one(
        "1-12",
        "視力",
        G1,
        Some(Axis::Ability),
        &[
            choice("1", "普通（日常生活に支障がない）"),
            choice("2", "約1m離れた視力確認表の図が見える"),
            choice("3", "目の前に置いた視力確認表の図が見える"),
            choice("4", "ほとんど見えない"),
            choice("5", "見えているのか判断不能"),
        ],
    ),
    one(
        "1-13",
        "聴力",
        G1,
        Some(Axis::Ability),
        &[
            choice("1", "普通"),
            choice("2", "普通の声がやっと聞き取れる"),
            choice("3", "かなり大きな声なら何とか聞き取れる"),
            choice("4", "ほとんど聞えない"),
            choice("5", "聞えているのか判断不能"),
        ],
    ),
    one("2-1", "移乗", G2, Some(Axis::Care), CARE4),
    one("2-2", "移動", G2, Some(Axis::Care), CARE4),
    one(
        "2-3",
        "えん下",
        G2,
        Some(Axis::Ability),
        &[choice("1", "できる"), choice("2", "見守り等"), choice("3", "できない")],
    ),
    one("2-4", "食事摂取", G2, Some(Axis::Care), CARE4),
    one("2-5", "排尿", G2, Some(Axis::Care), CARE4),
    one("2-6", "排便", G2, Some(Axis::Care), CARE4),
    one("2-7", "口腔清潔", G2, Some(Axis::Care), CARE3),
    one("2-8", "洗顔", G2, Some(Axis::Care), CARE3),
    one("2-9", "整髪", G2, Some(Axis::Care), CARE3),
    one("2-10", "上衣の着脱", G2, Some(Axis::Care), CARE4),
    one("2-11", "ズボン等の着脱", G2, Some(Axis::Care), CARE4),
    one(
        "2-12",
        "外出頻度",
        G2,
        Some(Axis::Presence),
        &[choice("1", "週1回以上"), choice("2", "月1回以上"), choice("3", "月1回未満")],
    ),
    one(
        "3-1",
        "意思の伝達",
        G3,
        Some(Axis::Ability),
        &[
            choice("1", "調査対象者が意思を他者に伝達できる"),
            choice("2", "ときどき伝達できる"),
            choice("3", "ほとんど伝達できない"),
            choice("4", "できない"),
        ],
    ),
    one("3-2", "毎日の日課を理解すること", G3, Some(Axis::Ability), CAN),
    one("3-3", "生年月日や年齢を言うこと", G3, Some(Axis::Ability), CAN),
    one("3-4", "短期記憶（面接調査の直前に何をしていたか思い出す）", G3, Some(Axis::Ability), CAN),
    one("3-5", "自分の名前を言うこと", G3, Some(Axis::Ability), CAN),
    one("3-6", "今の季節を理解すること", G3, Some(Axis::Ability), CAN),
    one("3-7", "場所の理解（自分がいる場所を答える）", G3, Some(Axis::Ability), CAN),
    one("3-8", "徘徊", G3, Some(Axis::Presence), FREQUENCY),
    one("3-9", "外出すると戻れないこと", G3, Some(Axis::Presence), FREQUENCY),
    one("4-1", "物を盗られたなどと被害的になること", G4, Some(Axis::Presence), FREQUENCY),
    one("4-2", "作話をすること", G4, Some(Axis::Presence), FREQUENCY),
    one("4-3", "泣いたり、笑ったりして感情が不安定になること", G4, Some(Axis::Presence), FREQUENCY),
    one("4-4", "昼夜の逆転", G4, Some(Axis::Presence), FREQUENCY),
    one("4-5", "しつこく同じ話をすること", G4, Some(Axis::Presence), FREQUENCY),
    one("4-6", "大声をだすこと", G4, Some(Axis::Presence), FREQUENCY),
    one("4-7", "介護に抵抗すること", G4, Some(Axis::Presence), FREQUENCY),
    one("4-8", "「家に帰る」等と言い落ち着きがないこと", G4, Some(Axis::Presence), FREQUENCY),
    one("4-9", "一人で外に出たがり目が離せないこと", G4, Some(Axis::Presence), FREQUENCY),
    one("4-10", "いろいろなものを集めたり、無断でもってくること", G4, Some(Axis::Presence), FREQUENCY),
    one("4-11", "物を壊したり、衣類を破いたりすること", G4, Some(Axis::Presence), FREQUENCY),
    one("4-12", "ひどい物忘れ", G4, Some(Axis::Presence), FREQUENCY),
    one("4-13", "意味もなく独り言や独り笑いをすること", G4, Some(Axis::Presence), FREQUENCY),
    one("4-14", "自分勝手に行動すること", G4, Some(Axis::Presence), FREQUENCY),
    one("4-15", "話がまとまらず、会話にならないこと", G4, Some(Axis::Presence), FREQUENCY),
    one("5-1", "薬の内服", G5, Some(Axis::Care), CARE3),
    one("5-2", "金銭の管理", G5, Some(Axis::Care), CARE3),
    one(
        "5-3",
        "日常の意思決定",
        G5,
        Some(Axis::Ability),
        &[
            choice("1", "できる（特別な場合でもできる）"),
            choice("2", "特別な場合を除いてできる"),
            choice("3", "日常的に困難"),
            choice("4", "できない"),
        ],
    ),
    one("5-4", "集団への不適応", G5, Some(Axis::Presence), FREQUENCY),
    one("5-5", "買い物", G5, Some(Axis::Care), CARE4),
    one("5-6", "簡単な調理", G5, Some(Axis::Care), CARE4),
    many("6", "過去14日間に受けた特別な医療", G6, Some(Axis::Presence), TREATMENTS),
    one("7-1", "障害高齢者の日常生活自立度（寝たきり度）", G7, None, BEDRIDDEN),
    one(
        "7-2",
        "認知症高齢者の日常生活自立度",
        G7,
        None,
        &[
            choice("1", "自立"),
            choice("2", "Ⅰ"),
            choice("3", "Ⅱa"),
            choice("4", "Ⅱb"),
            choice("5", "Ⅲa"),
            choice("6", "Ⅲb"),
            choice("7", "Ⅳ"),
            choice("8", "M"),
        ],
    ),
];

const G1: &str = "1 身体機能・起居動作";
const G2: &str = "2 生活機能";
const G3: &str = "3 認知機能";
const G4: &str = "4 精神・行動障害";
const G5: &str = "5 社会生活への適応";
const G6: &str = "6 特別な医療";
const G7: &str = "7 日常生活自立度";

const FIRM: &[Choice] =
    &[choice("1", "つかまらないでできる"), choice("2", "何かにつかまればできる"), choice("3", "できない")];
const SUPPORT: &[Choice] =
    &[choice("1", "支えなしでできる"), choice("2", "何か支えがあればできる"), choice("3", "できない")];
const CARE4: &[Choice] =
    &[choice("1", "介助されていない"), choice("2", "見守り等"), choice("3", "一部介助"), choice("4", "全介助")];
const CARE3: &[Choice] = &[choice("1", "介助されていない"), choice("2", "一部介助"), choice("3", "全介助")];
const CAN: &[Choice] = &[choice("1", "できる"), choice("2", "できない")];
const FREQUENCY: &[Choice] = &[choice("1", "ない"), choice("2", "ときどきある"), choice("3", "ある")];
/// 1–9 処置内容, 10–12 特別な対応.
const TREATMENTS: &[Choice] = &[
    choice("1", "点滴の管理"),
    choice("2", "中心静脈栄養"),
    choice("3", "透析"),
    choice("4", "ストーマ（人工肛門）の処置"),
    choice("5", "酸素療法"),
    choice("6", "レスピレーター（人工呼吸器）"),
    choice("7", "気管切開の処置"),
    choice("8", "疼痛の看護"),
    choice("9", "経管栄養"),
    choice("10", "モニター測定（血圧、心拍、酸素飽和度等）"),
    choice("11", "じょくそうの処置"),
    choice("12", "カテーテル（コンドームカテーテル、留置カテーテル、ウロストーマ等）"),
];
