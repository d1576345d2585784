"""What drawn units below real ones are called, in Chinese.

Invented, as villages call theirs: after families in the country, after streets in town. It must
never give two siblings one name.
"""

from collections.abc import Callable

#: Gives a number from 0 up to, but without, its argument.
Below = Callable[[int], int]

_DIRECTIONS = ("东", "西", "南", "北", "中")
_NUMERALS = "零一二三四五六七八九"

_FAMILIES = (
    "张王李刘陈杨赵孙周吴徐马朱胡高郭何罗宋郑谢韩唐冯于董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊殷施陶"
    "翟安颜倪严牛温芦季俞章鲁葛韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童"
)
_HAMLETS = (
    "庄",
    "楼",
    "寨",
    "营",
    "集",
    "圩",
    "桥",
    "湖",
    "洼",
    "湾",
    "园",
    "油坊",
    "瓦房",
    "小庙",
    "老家",
    "窑",
)
_WHICH = ("", "", "", "前", "后", "东", "西", "大", "小")

_FLOWERS = (
    "杏花", "芍花", "丹桂", "牡丹", "海棠", "玉兰", "梧桐", "银杏", "翠竹", "青松", "荷塘", "桃园",
    "柳湖", "白鹭", "建安", "魏武", "希夷", "药都", "文帝", "汤王", "涡河", "曹巷", "花戏", "州后",
    "和平", "人民", "光明", "幸福", "新华", "建设", "团结", "胜利", "爱民", "文化", "育才", "向阳",
    "朝阳", "永安", "康宁", "福安", "锦绣", "金色",
)  # fmt: skip
_STREETS = ("路", "街", "巷", "里", "小区", "花园", "家园", "新村", "苑", "公寓")


def numeral(number: int) -> str:
    """A number from 1 to 999 in Chinese: 3 is 三, 12 is 十二, 20 is 二十, 105 is 一百零五."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        joint = "零" if 0 < rest < 10 else "一" if 10 <= rest < 20 else ""
        return f"{_NUMERALS[hundreds]}百{joint}{numeral(rest) if rest else ''}"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones or not tens else "")


def parts(count: int, ending: str, below: Below) -> list[str]:
    """Names for the parts of something: 东片 and 西片 where they are few, else 第一片, 第二片."""
    if 2 <= count <= len(_DIRECTIONS) and below(2):
        return [f"{direction}{ending}" for direction in _DIRECTIONS[:count]]
    return [f"第{numeral(number)}{ending}" for number in range(1, count + 1)]


def places(count: int, ending: str, urban: bool, below: Below) -> list[str]:
    """Names after families or streets, all different: 张庄组, 杏花路组."""
    names: dict[str, None] = {}
    while len(names) < count:
        names.setdefault(f"{_street(below) if urban else _hamlet(below)}{ending}")
    return list(names)


def numbered(count: int, ending: str, above: str) -> list[str]:
    """Names that tell what stands above, since they are read far from it: 张庄第3邻."""
    return [f"{above}第{number}{ending}" for number in range(1, count + 1)]


def _hamlet(below: Below) -> str:
    which, family, kind = _WHICH[below(len(_WHICH))], _FAMILIES[_common(below)], _HAMLETS[_few(below)]
    return f"{which}{family}{kind}"


def _street(below: Below) -> str:
    return f"{_FLOWERS[below(len(_FLOWERS))]}{_STREETS[below(len(_STREETS))]}"


def _common(below: Below) -> int:
    """An index into the families, the frequent ones in front more often."""
    return min(below(len(_FAMILIES)), below(len(_FAMILIES)))


def _few(below: Below) -> int:
    """An index into the kinds of hamlets; most are a 庄, a 楼 or a 寨."""
    return min(below(len(_HAMLETS)), below(len(_HAMLETS)), below(len(_HAMLETS)))
