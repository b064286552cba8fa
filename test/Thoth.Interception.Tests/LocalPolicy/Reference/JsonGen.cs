using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Generators of JSON texts over small alphabets, so that a policy and a call often have the same values.</summary>
internal static class JsonGen
{
    private static readonly string[] s_texts =
        ["", " ", "a", "a", "A", "ab", "ab", "b", "ba", "a b", "1", "1.0", "true", "null", "é", "e\u0301", "😀", "😀a", "a\nb", "a\n", "*", "a?", "İ", "ı", "\u0000", "\uFFFD", "\uE000"];

    private static readonly string[] s_patterns =
        ["a", "ab", "a*", "*a", "*b*", "?", "??", "a?", "?b", "*", "*?", "é", "e?", "😀", "?a", "A", "1*", "*\n*", " *", "a?b", "i*"];

    private static readonly string[] s_expressions =
        ["a", "^a", "b$", @"\Aab?\z", "^.$", @"\d", "(?i)A", "(?i)i", "[^a]", "a|1", @"\s", "é", @"\p{L}{2}", "^$"];

    private static readonly string[] s_numbers =
    [
        "0", "-0", "0.0", "0e999", "-0e-99999999999999999999", "1e007", "1e-0", "100000e-5", "1" + new string('0', 400), "1e0400", "0." + new string('0', 399) + "1", "1", "1.0", "10e-1", "0.1e1", "1E+0", "2", "-1", "-1.00", "10", "1e1", "100", "1e2", "100.00000000000000000000000000001",
        "99.99999999999999999999999999999", "9007199254740992", "9007199254740993", "9007199254740992.5", "99999999999999999999999999999999999999", "1e38", "1e400",
        "1e999", "-1e400", "1e-400", "-1e-400", "1e2147483647", "1e2147483648", "10e2147483647", "1e-2147483649", "1e99999999999999999999", "1e-99999999999999999999",
        "0.00000000000000000000000000000000000000000000000000000000000000000001", "1e-68", "1000000000000000000000000000000e-30", "3.5", "35e-1",
    ];

    public static Gen<string> Texts { get; } = Gen.Frequency((1, Gen.Elements("a", "ab", "1")), (1, Gen.Elements(s_texts))).Select(Quote);

    /// <summary>Gets strings that are not blank, as keys of a policy and conditions on the context ask for.</summary>
    public static Gen<string> Words { get; } = Texts.Where(json => json.Trim('"', ' ').Length > 0);

    public static Gen<string> Patterns { get; } = Gen.Elements(s_patterns).Select(Quote);

    public static Gen<string> Expressions { get; } = Gen.Elements(s_expressions).Select(Quote);

    /// <summary>Gets numbers of a list, and digits with an exponent that are near each other.</summary>
    public static Gen<string> Numbers { get; } = Gen.Frequency(
        (2, Gen.Elements("1", "1.0", "10e-1", "2", "100", "1e2")),
        (4, Gen.Elements(s_numbers)),
        (1, Gen.Choose(-120, 120).SelectMany(digits => Gen.Choose(-3, 3).Select(exponent => string.Create(CultureInfo.InvariantCulture, $"{digits}e{exponent}")))));

    public static Gen<string> Booleans { get; } = Gen.Elements("true", "false");

    public static Gen<string> Scalars { get; } = Gen.Frequency((4, Texts), (4, Numbers), (1, Booleans));

    public static string Quote(string text) => ReferenceJson.Write(text);

    /// <summary>Writes letters at the start of names and strings as escapes, which must not matter.</summary>
    public static string Escape(string json) =>
        Regex.Replace(json, "(?<=\")[a-z]", match => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)match.Value[0]:X4}"));

    public static Gen<bool> Percent(int percent) => Gen.Choose(1, 100).Select(number => number <= percent);

    public static Gen<T[]> Many<T>(Gen<T> element, int min, int max) => Gen.Choose(min, max).SelectMany(count => element.ArrayOf(count));

    /// <summary>Makes arrays with elements that are all different.</summary>
    public static Gen<string> Array(Gen<string> element, int min, int max) => Many(element, min, max).Select(elements =>
        $"[{string.Join(",", elements.DistinctBy(json => ReferenceJson.IsNumber(Parse(json)) ? ReferenceJson.NumberOf(Parse(json)) : (object)json))}]");

    /// <summary>Makes one value, or an array of different values.</summary>
    public static Gen<string> OneOrMore(Gen<string> element) => Gen.OneOf(element, Array(element, 1, 3));

    /// <summary>Makes objects whose members are there with their probabilities.</summary>
    public static Gen<string> Object(params (string Key, int Percent, Gen<string> Value)[] members) => members
        .Select(member => Percent(member.Percent).SelectMany(isThere => isThere
            ? member.Value.Select(value => $"{Quote(member.Key)}:{value}")
            : Gen.Constant("")))
        .CollectAll()
        .Select(parts => $"{{{string.Join(",", parts.Where(part => part.Length > 0))}}}");

    /// <summary>Makes objects of a few members with the first value of each key.</summary>
    public static Gen<string> Map(Gen<string> key, Func<string, Gen<string>> value, int min, int max, Func<string, object>? identity = null) => Many(key, min, max)
        .SelectMany(keys => keys.DistinctBy(identity ?? (name => name))
            .Select(name => value(name).Select(json => $"{Quote(name)}:{json}"))
            .CollectAll())
        .Select(parts => $"{{{string.Join(",", parts)}}}");

    private static Gen<string[]> CollectAll(this IEnumerable<Gen<string>> gens) => Gen.CollectToArray(gens);

    private static JsonNode? Parse(string json) => JsonNode.Parse(json);
}
