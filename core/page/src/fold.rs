//! One spelling for the same words: width, case, quotation marks, white space, traditional characters.
//!
//! Small and own: what sign-up pages write, not all of Unicode. Two texts that read the same fold to the same.

use std::sync::OnceLock;

/// The folded text. Lower case, half width, simplified characters, single spaces and none between wide characters.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = '\n';
    let mut space = false;
    for c in text.chars() {
        let c = plain(c);
        if c == ' ' {
            space = true;
        } else if c != NOTHING {
            if space && last != '\n' && !(is_wide(last) && is_wide(c)) {
                out.push(' ');
            }
            space = false;
            if c.is_ascii() {
                out.push(c.to_ascii_lowercase());
            } else {
                out.extend(c.to_lowercase());
            }
            last = c;
        }
    }
    out
}

/// A character written without spaces between it and its neighbours: Han, kana, wide punctuation.
#[must_use]
pub fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

fn plain(c: char) -> char {
    match c {
        '`' => '\'',
        '!'..='~' => c,
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' => NOTHING,
        '‘' | '’' | '‛' | '´' => '\'',
        '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』' | '〝' | '〞' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' => '-',
        '〈' => '《',
        '〉' => '》',
        '｡' => '。',
        '､' => '、',
        '\u{3400}'..='\u{9FFF}' => simplified(c),
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    }
}

fn simplified(c: char) -> char {
    static TABLE: OnceLock<Vec<(char, char)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: Vec<(char, char)> = TRADITIONAL.chars().zip(SIMPLIFIED.chars()).collect();
        table.sort_unstable();
        table
    });
    let found = table.binary_search_by_key(&c, |row| row.0).ok();
    found.and_then(|place| table.get(place)).map_or(c, |row| row.1)
}

const NOTHING: char = '\0';

/// Traditional and Japanese forms of characters that occur in the lexicon or beside its words.
const TRADITIONAL: &str = concat!(
    "並乾佈佔併來価係個們傢傳僅價儘優兒內兩冊処別則創劃動務勝勧勵匯區協単參収員問啓啟",
    "單営嚮囉図團執報場塗売変夢夥學実寧寫対専將專對屆層屬峯島帐師帳帶幫広庫廠廢廣張強",
    "彈後從復徵応悅惡愛態慣慮憶應懸戦戰戶択拡掃掛採揚換揮損撐撥擇擊擔據擬擲擴擺攜攝敗",
    "數斷於時暢暫曉書會條棄棟検楊業極構槍様樂樓標樣権樹橋機檢欄權歐歡歲歷歸殘殺毀気氣",
    "決沒淚淺済測満準溝溼滅滾滿漢漲漸潔濃濟瀏災為無煉熱燈營爐爲牽狀獎獨獲現環瓏產畢畫",
    "當瘋療発發盡監盤眾瞭確碼磚礦祇禮稅種稱積穩竊竝競筆節範築簡簽籤糧糾紀約紅紋納純紙",
    "級紛細紹終組経結絕絡給統綁經続綜綠綫維網緊総線緣編緩練縮縱總績織繞繫繳繼續纖罰羅",
    "羣習聞聯聲職聽肅脈脫腦臉臺與興舊蓋薦藝蘇處虛號衆術衛衞衹裏補裝裡製複覆見規視覚覧",
    "観覺覽觀觸訂計訊討訓託記訪設許訴診註証評詞詢試詩話該詳誌認語誠誤說説読誰課調談請",
    "論諮諸諾講謝證識譯議護譽讀變讓負財貨販貪貫責貴買貸費貼貿賀資賞賠賢賣賤質賬賴賺購",
    "賽贈贊贏趕趨跡蹤躍車軌軟較載輔輕輛輩輪輸轉辯迴這連週進遊運過達違遞遠適遲遷選遺還",
    "邊郵鄭鄰醫釈釋釘針銀銷鋼錄錢錯録錶鍊鍵鍾鎖鎮鏈鏡鐵鑰長門閃閉開閒間関閱關闢陰陳陸",
    "険陽隊際隨險隱隻雖雛雜離難雲電靈靜韓韻響頁頂項順須預頒頓領頻顆題額顏願類顧顯風飄",
    "飛飯飲養餘館馬駐駕験驅驗驚髒體髮鬆魚鮮麥黃點齊齡齢齣龍",
);
const SIMPLIFIED: &str = concat!(
    "并干布占并来价系个们家传仅价尽优儿内两册处别则创划动务胜劝励汇区协单参收员问启启",
    "单营向啰图团执报场涂卖变梦伙学实宁写对专将专对届层属峰岛账师账带帮广库厂废广张强",
    "弹后从复征应悦恶爱态惯虑忆应悬战战户择扩扫挂采扬换挥损撑拨择击担据拟掷扩摆携摄败",
    "数断于时畅暂晓书会条弃栋检杨业极构枪样乐楼标样权树桥机检栏权欧欢岁历归残杀毁气气",
    "决没泪浅济测满准沟湿灭滚满汉涨渐洁浓济浏灾为无炼热灯营炉为牵状奖独获现环珑产毕画",
    "当疯疗发发尽监盘众了确码砖矿只礼税种称积稳窃并竞笔节范筑简签签粮纠纪约红纹纳纯纸",
    "级纷细绍终组经结绝络给统绑经续综绿线维网紧总线缘编缓练缩纵总绩织绕系缴继续纤罚罗",
    "群习闻联声职听肃脉脱脑脸台与兴旧盖荐艺苏处虚号众术卫卫只里补装里制复复见规视觉览",
    "观觉览观触订计讯讨训托记访设许诉诊注证评词询试诗话该详志认语诚误说说读谁课调谈请",
    "论咨诸诺讲谢证识译议护誉读变让负财货贩贪贯责贵买贷费贴贸贺资赏赔贤卖贱质账赖赚购",
    "赛赠赞赢赶趋迹踪跃车轨软较载辅轻辆辈轮输转辩回这连周进游运过达违递远适迟迁选遗还",
    "边邮郑邻医释释钉针银销钢录钱错录表链键钟锁镇链镜铁钥长门闪闭开闲间关阅关辟阴陈陆",
    "险阳队际随险隐只虽雏杂离难云电灵静韩韵响页顶项顺须预颁顿领频颗题额颜愿类顾显风飘",
    "飞饭饮养余馆马驻驾验驱验惊脏体发松鱼鲜麦黄点齐龄龄出龙",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_fold_to_the_same() {
        assert_eq!(TRADITIONAL.chars().count(), SIMPLIFIED.chars().count());
        for (text, folded) in [
            ("我已閱讀並同意《服務條款》與《隱私權政策》", "我已阅读并同意《服务条款》与《隐私权政策》"),
            ("ＳＭＳ　通知", "sms 通知"),
            ("点击 注册\u{a0}即 表示", "点击注册即表示"),
            ("I don’t  want\nNewsletters", "i don't want newsletters"),
            ("利用規約に同意", "利用规约に同意"),
            ("每月不超过 2 条", "每月不超过 2 条"),
            ("訂\u{200b}閱電子報", "订阅电子报"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(folded), folded, "{text}: folding twice changes nothing");
        }
    }
}
