"""What people write themselves, in answers as the programmes of China and elsewhere really send them."""

import time
from email import message_from_string
from email.message import EmailMessage
from email.policy import default

import pytest

from bridges.email.plain import text_of
from bridges.email.quoting import own_words

OURS = "##- 请在此线以上回复 -##\n\n编号1024 · 刘大爷\n\n路灯坏了\n\n请直接回复本邮件。"
QUOTED = "\n".join(f"> {line}" for line in OURS.splitlines())

ANSWERS = {
    "QQ": f'完成：灯已换好。\n\n\n------------------ 原始邮件 ------------------\n发件人: "邻长制";\n{OURS}',
    "QQ, by HTML-less phone": f'完成：灯已换好。\n\n---原始邮件---\n发件人: "邻长制"<a@b.org>\n{OURS}',
    "Foxmail": (
        "完成：灯已换好。\n\n\n\n水务局 王工\n \n发件人： 邻长制\n发送时间： 2026-11-24 10:00\n"
        f"收件人： water\n主题： 编号1024：路灯坏了\n{OURS}"
    ),
    "163": f'完成：灯已换好。\n\n\n\nAt 2026-11-24 10:00:00, "邻长制" <a@b.org> wrote:\n{QUOTED}',
    "163, newer": f"完成：灯已换好。\n\n\n---- 回复的原邮件 ----\n| 发件人 | 邻长制<a@b.org> |\n{OURS}",
    "Outlook, Chinese": (
        "完成：灯已换好。\n\n________________________________\n发件人: 邻长制 <a@b.org>\n"
        f"发送时间: 2026年11月24日 10:00\n收件人: water <w@b.org>\n主题: 编号1024\n\n{OURS}"
    ),
    "Outlook, English": (
        "完成：灯已换好。\n\nFrom: 邻长制 <a@b.org>\nSent: Tuesday, November 24, 2026 10:00 AM\n"
        f"To: water\nSubject: 编号1024\n\n{OURS}"
    ),
    "Apple, Chinese": (
        "完成：灯已换好。\n\n发自我的 iPhone\n\n> 在 2026年11月24日，上午10:00，邻长制 <a@b.org> 写道：\n> \n"
        f"{QUOTED}"
    ),
    "Apple, English": (
        "完成：灯已换好。\n\nSent from my iPhone\n\n> On 24 Nov 2026, at 10:00, 邻长制 <a@b.org> wrote:\n"
        f"{QUOTED}"
    ),
    "Gmail, broken over lines": (
        "完成：灯已换好。\n\nOn Tue, Nov 24, 2026 at 10:00 AM 邻长制 <\n"
        f"report+1024.abcdefghijklmnop@lz.example.org> wrote:\n\n{QUOTED}"
    ),
    "Gmail, Chinese": f"完成：灯已换好。\n\n邻长制 <a@b.org> 于2026年11月24日周二 10:00写道：\n\n{QUOTED}",
    "Huawei": f"完成：灯已换好。\n\n\n来自我的华为手机\n\n\n-------- 原始邮件 --------\n{OURS}",
    "one that quotes without a word": f"完成：灯已换好。\n\n{OURS}",
    "quoted around": f"{QUOTED}\n\n完成：灯已换好。",
    "a signature": f"完成：灯已换好。\n-- \n谯城区水务局\n电话 0558-0000000\n\n{QUOTED}",
    "full-width blanks": f"　完成：灯已换好。\r\n\r\n　　　\r\n{OURS}",
}


@pytest.mark.parametrize("programme", ANSWERS)
def test_only_the_writers_own_words_are_left(programme: str) -> None:
    words = own_words(ANSWERS[programme])
    if programme == "Foxmail":
        assert words == "完成：灯已换好。\n\n\n\n水务局 王工"  # a signature without a sign is words
    else:
        assert words == "完成：灯已换好。"


@pytest.mark.parametrize(
    "words",
    [
        "明天上午去修。\n发件人我们已经问过了，主题很清楚。",
        "On Monday we come.\nHe wrote: tomorrow.",
        "2026年11月24日下午去，写到本子上了。",
        "1. 换灯\n2. 通电\n---\n完工",
        "from tomorrow on:\nwater is back",
        "原始邮件里说的灯杆在哪里？",
        "自我的理解是要换线",
        "",
    ],
)
def test_what_only_looks_like_it_stays(words: str) -> None:
    assert own_words(words) == words


def mail(content_type: str, charset: str, body: str) -> EmailMessage:
    parsed = message_from_string(
        f"Content-Type: {content_type}; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n",
        policy=default,
    )
    parsed.set_payload(body.encode("gb18030" if charset.startswith("gb") else charset))
    assert isinstance(parsed, EmailMessage)
    return parsed


HTML = (
    "<html><head><style>p {color: red}</style></head><body><div>完成：灯已换好。</div><div><br></div>"
    "<div>&lt;谢谢&gt;&nbsp;&amp; 再见</div>{quote}</body></html>"
)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        '<div class="gmail_quote"><p>On X wrote:</p><blockquote>路灯<div>坏了</div></blockquote></div>',
        '<blockquote type="cite">路灯坏了<br>很久</blockquote>',
        '<div id="divRplyFwdMsg"><b>发件人:</b> x</div>',
        "<div><includetail><div>-------- 原始邮件 --------</div><div>路灯坏了</div></div>",
    ],
)
def test_html_is_read_as_words(quote: str) -> None:
    words = own_words(text_of(mail("text/html", "utf-8", HTML.replace("{quote}", quote))))
    assert words.split() == ["完成：灯已换好。", "<谢谢>", "&", "再见"]


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "GB18030", "utf-8", "no-such-set"])
def test_characters_of_larger_sets_than_named_are_read(charset: str) -> None:
    name = "utf-8" if charset == "no-such-set" else charset.lower()
    made = mail("text/plain", name, "朱镕基路，𠮷野家旁")
    made.replace_header("Content-Type", f"text/plain; charset={charset}")
    assert text_of(made).strip() == "朱镕基路，𠮷野家旁"


@pytest.mark.parametrize(
    "unit", ["写", "<@", "a@b> ", "2026-1 ", "> \n", "##-", "发件人：\n", "on 写道", " "]
)
def test_nobodys_words_take_long_to_look_at(unit: str) -> None:
    begin = time.perf_counter()
    own_words(unit * (100_000 // len(unit)))
    assert time.perf_counter() - begin < 5, "a tenth of a second, on a machine that does nothing else"
