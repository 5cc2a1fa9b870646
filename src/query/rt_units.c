/* SPDX-License-Identifier: MIT */
/*
 * rt_units.c: convert_angle, convert_energy and their kin.
 *
 * Kusto's units are those of its documentation, and their sizes are those of the
 * library under it, which rounds some.  Here are the units whose sizes are exact by
 * definition, and those that Kusto's answers show; a unit of size 0 is known and refused.
 * A name that is no unit gives null.
 */
#include <string.h>

#include "base/text.h"
#include "query/rt_fn.h"

#define DEGREES_OF_RADIAN 57.29577951308232
#define INCH              0.0254
#define FOOT              0.3048
#define YARD              0.9144
#define POUND             0.45359237
#define POUND_FORCE       4.4482216152605
#define BTU               1055.05585262

/* value in the unit * size + zero = value in the first unit of the list. */
struct unit {
	const char *name;
	double size, zero;
};

/* clang-format off */
static const struct unit angles[] = {
	{ "Degree", 1, 0 }, { "Millidegree", 1e-3, 0 }, { "Microdegree", 1e-6, 0 },
	{ "Nanodegree", 1e-9, 0 }, { "Arcminute", 1.0 / 60, 0 }, { "Arcsecond", 1.0 / 3600, 0 },
	{ "Radian", DEGREES_OF_RADIAN, 0 }, { "Deciradian", DEGREES_OF_RADIAN * 1e-1, 0 },
	{ "Centiradian", DEGREES_OF_RADIAN * 1e-2, 0 }, { "Milliradian", DEGREES_OF_RADIAN * 1e-3, 0 },
	{ "Microradian", DEGREES_OF_RADIAN * 1e-6, 0 }, { "Nanoradian", DEGREES_OF_RADIAN * 1e-9, 0 },
	{ "Gradian", 0.9, 0 }, { "NatoMil", 360.0 / 6400, 0 }, { "Revolution", 360, 0 },
	{ "Tilt", 0, 0 }, { 0 },
};
static const struct unit energies[] = {
	{ "Joule", 1, 0 }, { "Millijoule", 1e-3, 0 }, { "Kilojoule", 1e3, 0 }, { "Megajoule", 1e6, 0 },
	{ "Gigajoule", 1e9, 0 }, { "BritishThermalUnit", BTU, 0 },
	{ "KilobritishThermalUnit", BTU * 1e3, 0 }, { "MegabritishThermalUnit", BTU * 1e6, 0 },
	{ "GigabritishThermalUnit", BTU * 1e9, 0 }, { "Calorie", 4.184, 0 },
	{ "Kilocalorie", 4184, 0 }, { "Megacalorie", 4.184e6, 0 }, { "Erg", 1e-7, 0 },
	{ "WattHour", 3600, 0 }, { "KilowattHour", 3.6e6, 0 }, { "MegawattHour", 3.6e9, 0 },
	{ "GigawattHour", 3.6e12, 0 }, { "TerawattHour", 3.6e15, 0 }, { "WattDay", 86400, 0 },
	{ "KilowattDay", 8.64e7, 0 }, { "MegawattDay", 8.64e10, 0 }, { "GigawattDay", 8.64e13, 0 },
	{ "TerawattDay", 8.64e16, 0 }, { "ElectronVolt", 0, 0 }, { "KiloelectronVolt", 0, 0 },
	{ "MegaelectronVolt", 0, 0 }, { "GigaelectronVolt", 0, 0 }, { "TeraelectronVolt", 0, 0 },
	{ "FootPound", 0, 0 }, { "HorsepowerHour", 0, 0 }, { "ThermEc", 0, 0 }, { "ThermUs", 0, 0 },
	{ "ThermImperial", 0, 0 }, { "DecathermEc", 0, 0 }, { "DecathermUs", 0, 0 },
	{ "DecathermImperial", 0, 0 }, { 0 },
};
static const struct unit forces[] = {
	{ "Newton", 1, 0 }, { "Micronewton", 1e-6, 0 }, { "Millinewton", 1e-3, 0 },
	{ "Decanewton", 10, 0 }, { "Kilonewton", 1e3, 0 }, { "Meganewton", 1e6, 0 },
	{ "Dyn", 1e-5, 0 }, { "KilogramForce", 9.80665, 0 }, { "KiloPond", 9.80665, 0 },
	{ "TonneForce", 9806.65, 0 }, { "PoundForce", POUND_FORCE, 0 },
	{ "KilopoundForce", POUND_FORCE * 1e3, 0 }, { "OunceForce", POUND_FORCE / 16, 0 },
	{ "ShortTonForce", POUND_FORCE * 2000, 0 }, { "Poundal", POUND * FOOT, 0 }, { 0 },
};
static const struct unit lengths[] = {
	{ "Meter", 1, 0 }, { "Nanometer", 1e-9, 0 }, { "Micrometer", 1e-6, 0 },
	{ "Millimeter", 1e-3, 0 }, { "Centimeter", 1e-2, 0 }, { "Decimeter", 1e-1, 0 },
	{ "Decameter", 10, 0 }, { "Hectometer", 100, 0 }, { "Kilometer", 1e3, 0 },
	{ "Angstrom", 1e-10, 0 }, { "Inch", INCH, 0 }, { "Microinch", INCH * 1e-6, 0 },
	{ "Mil", INCH * 1e-3, 0 }, { "Foot", FOOT, 0 }, { "Yard", YARD, 0 },
	{ "Fathom", FOOT * 6, 0 }, { "Chain", YARD * 22, 0 }, { "Hand", INCH * 4, 0 },
	{ "Shackle", FOOT * 90, 0 }, { "UsSurveyFoot", 1200.0 / 3937, 0 },
	{ "NauticalMile", 1852, 0 }, { "AstronomicalUnit", 149597870700, 0 },
	{ "DtpPoint", INCH / 72, 0 }, { "DtpPica", INCH / 6, 0 }, { "Twip", INCH / 1440, 0 },
	{ "Mile", 0, 0 }, { "DataMile", 0, 0 }, { "PrinterPoint", 0, 0 }, { "PrinterPica", 0, 0 },
	{ "LightYear", 0, 0 }, { "KilolightYear", 0, 0 }, { "MegalightYear", 0, 0 }, { "Parsec", 0, 0 },
	{ "Kiloparsec", 0, 0 }, { "Megaparsec", 0, 0 }, { "SolarRadius", 0, 0 }, { 0 },
};
static const struct unit masses[] = {
	{ "Kilogram", 1, 0 }, { "Nanogram", 1e-12, 0 }, { "Microgram", 1e-9, 0 },
	{ "Milligram", 1e-6, 0 }, { "Centigram", 1e-5, 0 }, { "Decigram", 1e-4, 0 },
	{ "Gram", 1e-3, 0 }, { "Decagram", 1e-2, 0 }, { "Hectogram", 1e-1, 0 }, { "Tonne", 1e3, 0 },
	{ "Kilotonne", 1e6, 0 }, { "Megatonne", 1e9, 0 }, { "Pound", POUND, 0 },
	{ "Kilopound", POUND * 1e3, 0 }, { "Megapound", POUND * 1e6, 0 }, { "Grain", POUND / 7000, 0 },
	{ "Stone", POUND * 14, 0 }, { "ShortTon", POUND * 2000, 0 }, { "LongTon", POUND * 2240, 0 },
	{ "ShortHundredweight", POUND * 100, 0 }, { "LongHundredweight", POUND * 112, 0 },
	{ "Ounce", 0, 0 }, { "Slug", 0, 0 }, { "EarthMass", 0, 0 }, { "SolarMass", 0, 0 }, { 0 },
};
static const struct unit speeds[] = {
	{ "MeterPerSecond", 1, 0 }, { "MeterPerMinute", 1.0 / 60, 0 }, { "MeterPerHour", 1.0 / 3600, 0 },
	{ "KilometerPerSecond", 1e3, 0 }, { "KilometerPerMinute", 1e3 / 60, 0 },
	{ "KilometerPerHour", 1e3 / 3600, 0 }, { "CentimeterPerSecond", 1e-2, 0 },
	{ "CentimeterPerMinute", 1e-2 / 60, 0 }, { "CentimeterPerHour", 1e-2 / 3600, 0 },
	{ "DecimeterPerSecond", 1e-1, 0 }, { "DecimeterPerMinute", 1e-1 / 60, 0 },
	{ "MillimeterPerSecond", 1e-3, 0 }, { "MillimeterPerMinute", 1e-3 / 60, 0 },
	{ "MillimeterPerHour", 1e-3 / 3600, 0 }, { "MicrometerPerSecond", 1e-6, 0 },
	{ "MicrometerPerMinute", 1e-6 / 60, 0 }, { "NanometerPerSecond", 1e-9, 0 },
	{ "NanometerPerMinute", 1e-9 / 60, 0 }, { "InchPerSecond", INCH, 0 },
	{ "InchPerMinute", INCH / 60, 0 }, { "InchPerHour", INCH / 3600, 0 },
	{ "FootPerSecond", FOOT, 0 }, { "FootPerMinute", FOOT / 60, 0 }, { "FootPerHour", FOOT / 3600, 0 },
	{ "YardPerSecond", YARD, 0 }, { "YardPerMinute", YARD / 60, 0 }, { "YardPerHour", YARD / 3600, 0 },
	{ "UsSurveyFootPerSecond", 1200.0 / 3937, 0 }, { "UsSurveyFootPerMinute", 20.0 / 3937, 0 },
	{ "UsSurveyFootPerHour", 1.0 / 11811, 0 }, { "MilePerHour", 0.44704, 0 }, { "Knot", 0, 0 }, { 0 },
};
static const struct unit temperatures[] = {
	{ "Kelvin", 1, 0 }, { "DegreeCelsius", 1, 273.15 }, { "MillidegreeCelsius", 1e-3, 273.15 },
	{ "DegreeFahrenheit", 5.0 / 9, 459.67 * 5 / 9 }, { "DegreeRankine", 5.0 / 9, 0 },
	{ "DegreeDelisle", -2.0 / 3, 373.15 }, { "DegreeNewton", 100.0 / 33, 273.15 },
	{ "DegreeReaumur", 1.25, 273.15 }, { "DegreeRoemer", 40.0 / 21, 273.15 - 7.5 * 40 / 21 },
	{ "SolarTemperature", 0, 0 }, { 0 },
};
static const struct unit volumes[] = {
	{ "CubicMeter", 1, 0 }, { "CubicMicrometer", 1e-18, 0 }, { "CubicMillimeter", 1e-9, 0 },
	{ "CubicCentimeter", 1e-6, 0 }, { "CubicDecimeter", 1e-3, 0 }, { "CubicHectometer", 1e6, 0 },
	{ "CubicKilometer", 1e9, 0 }, { "HectocubicMeter", 1e2, 0 }, { "KilocubicMeter", 1e3, 0 },
	{ "Liter", 1e-3, 0 }, { "Microliter", 1e-9, 0 }, { "Milliliter", 1e-6, 0 },
	{ "Centiliter", 1e-5, 0 }, { "Deciliter", 1e-4, 0 }, { "Decaliter", 1e-2, 0 },
	{ "Hectoliter", 1e-1, 0 }, { "Kiloliter", 1, 0 }, { "Megaliter", 1e3, 0 },
	{ "AcreFoot", 1 / 0.000810714, 0 }, { "MetricCup", 0.00025, 0 }, { "MetricTeaspoon", 5e-6, 0 },
	{ "AuTablespoon", 2e-5, 0 }, { "CubicInch", 0, 0 }, { "CubicFoot", 0, 0 }, { "CubicYard", 0, 0 },
	{ "CubicMile", 0, 0 }, { "HectocubicFoot", 0, 0 }, { "KilocubicFoot", 0, 0 },
	{ "MegacubicFoot", 0, 0 }, { "BoardFoot", 0, 0 }, { "OilBarrel", 0, 0 }, { "UsBeerBarrel", 0, 0 },
	{ "ImperialBeerBarrel", 0, 0 }, { "UsGallon", 0, 0 }, { "DecausGallon", 0, 0 },
	{ "DeciusGallon", 0, 0 }, { "HectousGallon", 0, 0 }, { "KilousGallon", 0, 0 },
	{ "MegausGallon", 0, 0 }, { "ImperialGallon", 0, 0 }, { "KiloimperialGallon", 0, 0 },
	{ "MegaimperialGallon", 0, 0 }, { "ImperialOunce", 0, 0 }, { "ImperialPint", 0, 0 },
	{ "UsOunce", 0, 0 }, { "UsPint", 0, 0 }, { "UsQuart", 0, 0 }, { "UsCustomaryCup", 0, 0 },
	{ "UsLegalCup", 0, 0 }, { "UsTablespoon", 0, 0 }, { "UsTeaspoon", 0, 0 },
	{ "UkTablespoon", 0, 0 }, { 0 },
};
static const struct {
	const char *name;
	const struct unit *units;
} quantities[] = {
	{ "angle", angles }, { "energy", energies }, { "force", forces }, { "length", lengths },
	{ "mass", masses }, { "speed", speeds }, { "temperature", temperatures },
	{ "volume", volumes },
};
/* clang-format on */

static const struct unit *find_unit(hm_bytes quantity, hm_bytes name)
{
	size_t q = 0;

	while (!hm_is(quantity, quantities[q].name))
		q++;
	for (const struct unit *u = quantities[q].units; u->name != NULL; u++)
		if (hm_is(name, u->name))
			return u;
	return NULL;
}

/* convert(quantity, value, from, to): the printer names the quantity. */
HM_RT_FN(convert)
{
	const struct unit *from = find_unit(arg[0].s, arg[2].s);
	const struct unit *to = find_unit(arg[0].s, arg[3].s);

	(void)num;
	out->null = from == NULL || to == NULL;
	if (out->null)
		return;
	if (from->size == 0 || to->size == 0)
		rt->error = hm_format(&rt->call,
				      "HM001: convert_%.*s: the size that Kusto gives to "
				      "%s is not known to hallmark",
				      (int)arg[0].s.len, (const char *)arg[0].s.at,
				      from->size == 0 ? from->name : to->name);
	else if (from == to)
		out->r = arg[1].r;
	else
		out->r = (arg[1].r * from->size + from->zero - to->zero) / to->size;
}
