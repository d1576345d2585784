"""What is wrong with a file of borders, and what to do about it."""

from linzhang.words import Text

TOO_LARGE = Text("{file} is too large: simplify the borders, or split it into files below {megabytes} MB.")
NOT_GEOJSON = Text("{file} is not GeoJSON: save it as a FeatureCollection, in UTF-8.")
NOT_WGS84 = Text("{file} is in another system of coordinates: save it in WGS84 (EPSG:4326).")
NO_FEATURES = Text("{file} has no features.")

FEATURE = Text("feature {number}: {problem}")
FEATURES = Text("{file}: {count} features")
FEATURE_CHANGES = Text("feature {row}: {words}")

NO_KEY = Text("it does not say whose border it is: write the unit's code into properties.code.")
NO_UNIT = Text("there is no unit '{code}': load the units first, or correct properties.code.")
NO_NAME = Text("there is no unit called '{name}' there: write the unit's code into properties.code.")
SEVERAL = Text("several units are called '{name}': write the unit's code into properties.code.")
NO_TIER = Text("'{tier}' is not a tier of the profile's map: write one of {tiers}.")
NO_GROUND = Text("{code} is a {tier}, which has no ground of its own: delete this feature.")
TWICE = Text("{code} has a border in feature {first} too: delete one.")

NOT_AN_AREA = Text("{code}: the border must be a Polygon or a MultiPolygon, and this is a {found}.")
UNREADABLE = Text("{code}: its coordinates cannot be read: a ring needs four points or more of two numbers.")
OUT_OF_RANGE = Text(
    "{code}: {longitude}, {latitude} is not on the earth: write longitude, then latitude, in degrees."
)
NO_AREA = Text("{code}: the border encloses nothing.")
TOO_MANY_POINTS = Text("{code}: the border has more than {points} points: simplify it.")
ELSEWHERE = Text("{code}: most of it lies outside of its parent {parent}: correct one of them.")
NO_PARENT = Text("{code}: its parent {parent} has no border: give that too, or those of all units in it.")

DRAWN = Text("{count} units have a border now, {drawn} of them a drawn one.")

#: What is being done while a bar is shown.
STAGES = {"borders": Text("cells are drawn")}
