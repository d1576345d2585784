"""What people text when one word is enough, as data: each way to write it, in both languages.

Everything here is bare (`folding.bare`): no blanks, no punctuation, lower case, simplified characters.
Pinyin, traditional characters and typos need no entries of their own. `issues.keywords` reads by it.
"""

from enum import Enum


class Word(Enum):
    """What one word can say."""

    STATUS = "status"  # how do my issues stand
    NEW = "new"  # this is another trouble
    PERSON = "person"  # I want to speak to somebody
    HELP = "help"  # how does this work
    LANGUAGE = "language"  # write to me in the other language
    PRIVATE = "private"  # only the leader may see it
    WITHDRAW = "withdraw"  # it needs nothing any more
    STOP = "stop"  # no more texts
    START = "start"  # texts again
    SOLVED = "solved"  # it is done, whether or not somebody has asked
    NOT_SOLVED = "not solved"
    YES = "yes"  # means something only where something was asked
    NO = "no"
    THANKS = "thanks"
    OKAY = "okay"
    HELLO = "hello"


def _list(words: str) -> tuple[str, ...]:
    return tuple(words.split())


WORDS: dict[Word, tuple[str, ...]] = {
    Word.STATUS: _list(
        """
        查询 查询一下 查 查一下 查查 查看 查询进度 进度 进展 状态 查我的问题 怎么样了 咋样了 怎样了
        查进度 什么情况了 办得怎么样了 办的怎么样了 办得咋样了 办到哪了 办到哪一步了 到哪一步了 有消息吗
        有消息了吗 有结果吗 有结果了吗 我的问题怎么样了 我的事怎么样了 我的事咋样了 问题怎么样了
        我的事办得怎么样了
        status mystatus check myissue myissues myreport myreports anynews anyupdate anyupdates update progress
        howisitgoing howsitgoing whatisthestatus whatsthestatus whereismyissue howaremyissues
        howdomyissuesstand
    """
    ),
    Word.NEW: _list(
        """
        新 新的 新事 新问题 新的问题 新情况 另一件事 另外一件事 还有一件事 还有件事 还有个事 别的事 其他事
        new newissue newproblem newreport newtrouble anotherproblem anotherissue anotherthing anothertrouble
        somethingelse onemorething
    """
    ),
    Word.PERSON: _list(
        """
        找人 找个人 找真人 真人 人工 转人工 人工服务 我要找人 我想找人 找邻长 找领导 找干部 叫人 要电话 打电话
        给我打电话 给我打个电话 请给我打电话 回电话 给我回电话 给我回个电话 联系人 联系邻长 邻长电话
        邻长的电话 邻长电话多少 邻长电话是多少 电话多少 电话号码
        person human aperson realperson call callme callmeback callback calltheleader agent operator leader
        myleader phone phonenumber talktoaperson talktosomeone speaktoaperson speaktosomeone
        iwanttotalktosomeone iwanttospeaktosomeone
    """
    ),
    Word.HELP: _list(
        """
        帮助 帮忙 怎么用 怎么弄 怎么发 咋用 说明 使用说明 用法 不会用
        help info how howto howdoesthiswork howdoesitwork howdoiusethis menu commands instructions
    """
    ),
    Word.LANGUAGE: _list(
        """
        语言 换语言 换个语言 改语言
        language changelanguage otherlanguage switchlanguage languages
    """
    ),
    Word.PRIVATE: _list(
        """
        私密 保密 私下 悄悄话 悄悄说 不公开 不要公开 别公开 隐私
        private secret confidential
    """
    ),
    Word.WITHDRAW: _list(
        """
        算了 算啦 不用了 不用啦 不需要了 不要了 撤回 撤销 取消 不办了 不用办了 不用来了 不用修了 不用管了
        别来了 不麻烦了 不麻烦你们了
        cancel withdraw nevermind forgetit noneed notneeded notneededanymore nolongerneeded dontcome
        noneedtocome dontneeditanymore
    """
    ),
    Word.STOP: _list(
        """
        退订 退订了 取消订阅 td 停止 停止发送 别发了 别再发了 不要发了 不要再发 不要再发了 不要再发短信了
        别给我发短信了 别再给我发短信了
        stop stopall unsubscribe end quit optout revoke stoptexting stoptextingme nomoretexts
    """
    ),
    Word.START: _list(
        """
        恢复 恢复订阅 订阅 重新订阅 开始 再发吧
        start unstop subscribe resume restart
    """
    ),
    Word.SOLVED: _list(
        """
        好了 都好了 全好了 已好了 已经好了 现在好了 解决了 已解决 已经解决 已经解决了 都解决了 修好了
        已经修好了 弄好了 办好了 处理好了 搞好了 搞定了 没事了 没问题了 有水了 来水了
        来电了 有电了 灯亮了 不漏了 通了
        solved done fixed itssolved itsfixed itsdone itissolved itisfixed itisdone allgood allgoodnow
        itworks itworksnow itworksagain workingnow nowfixed nowsolved nowworking fixednow solvednow isfixed
        issolved noproblemnow
    """
    ),
    Word.NOT_SOLVED: _list(
        """
        没好 没有好 还没好 还没有好 没解决 没有解决 还没解决 还没有解决 未解决 没修好 没有修好 还没修好 还没修
        没弄好 还没弄好 没办好 还没办好 没处理好 没搞好 没用 没人来 没人来修 没人管 还没人来 还没来 没来
        还是没好 还是不行 还是老样子 老样子 还那样 还是坏的 还坏着 又坏了 又漏了 又不亮了
        notsolved notfixed notdone notyet stillnotsolved stillnotfixed stillnotdone stillbroken stillthesame
        stillnothing nothingchanged itsnotfixed itsnotsolved itisnotfixed itisnotsolved isnotfixed isntfixed
        itsstillbroken itisstillbroken notworking stillnotworking brokenagain nobodycame noonecame unsolved
    """
    ),
    Word.YES: _list(
        """
        1 一 壹 1是 1好了 1解决了 是 是的 对 对的 满意 好的解决了
        y yes one yesitis yesitdoes
    """
    ),
    Word.NO: _list(
        """
        2 二 贰 2否 2没 2没好 2没解决 否 不 不是 没 没有 还没 还没有 不行 不满意
        n no two nope noitisnt
    """
    ),
    Word.THANKS: _list(
        """
        谢谢 谢谢你 谢谢您 谢谢你们 谢谢大家 谢谢啦 谢谢了 多谢 多谢了 感谢 非常感谢 太感谢了 谢了 辛苦了
        辛苦你了 辛苦您了 辛苦你们了 麻烦了 麻烦你了 麻烦您了 好人一生平安
        thanks thankyou thankyouverymuch thanksalot manythanks thx ty cheers thankssomuch thankyousomuch
        🙏 ❤ 🌹
    """
    ),
    Word.OKAY: _list(
        """
        好 好的 好嘞 好吧 好呀 行 可以 收到 收到了 知道了 明白 明白了 了解 了解了 嗯 嗯嗯 哦 噢 没问题
        ok okay k kk fine alright sure noted gotit great good perfect roger isee understood
        👌 👍 😊 🙂 😀
    """
    ),
    Word.HELLO: _list(
        """
        你好 您好 你们好 大家好 在吗 在不在 有人吗 有人在吗 喂 哈喽 早上好 下午好 晚上好
        hello hi hey hellothere hithere goodmorning goodafternoon goodevening goodday anyonethere anybodythere
    """
    ),
}

#: Words of their own that are one letter away from one of ours.
NOT_MEANT = frozenset(_list("cancer fired mixed statue statute solve halls stars phony stare"))

#: What people put around a word to be kind, or to sound like themselves; what holds another comes first.
BEFORE = _list("你好 您好 请问 麻烦 请 喂 那 嗯 哦 hello please hi pls well")
BEHIND = _list(
    """
    thankyouverymuch thanksalot thankyou thanks please thx pls sir now
    谢谢你们 谢谢大家 谢谢师傅 谢谢邻长 谢谢您 谢谢你 谢谢啦 谢谢了 辛苦你们了 辛苦了 麻烦你了
    谢谢 感谢 多谢 呢 啊 呀 哦 啦 嘛 吧 哈 呗 咯 喽
    """
)

#: What people call a language beside its names in itself, in English and in Chinese.
LANGUAGE_NAMES = {
    "zh": frozenset(_list("中文 简体 简体中文 汉语 普通话 国语 zhongwen hanyu putonghua chinese mandarin")),
    "en": frozenset(_list("英文 英语 yingwen english")),
    "id": frozenset(_list("bahasa bahasaindonesia")),
}

#: Digits in words.
DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}

#: Marks in words. What may just as well acknowledge a text ('好', 'ok') is none.
MARKS = {
    5: _list("""很好 非常好 特别好 太好了 好极了 很满意 非常满意 十分满意
        verygood excellent great perfect wonderful verysatisfied"""),
    4: _list("满意 不错 挺好 挺好的 挺满意 比较满意 good satisfied quitegood"),
    3: _list("一般 一般般 还行 还可以 凑合 马马虎虎 soso average notbad"),
    2: _list("不太好 不太满意 不满意 不怎么样 不咋地 notgood notverygood notsatisfied"),
    1: _list(
        "差 很差 太差 太差了 不好 很不好 很不满意 非常不满意 bad verybad terrible awful verydissatisfied"
    ),
}
