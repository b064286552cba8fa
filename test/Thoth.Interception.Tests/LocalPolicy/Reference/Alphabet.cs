using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>The few strings and numbers of one case, so that its policy and its call often have the same or nearly the same values.</summary>
internal sealed class Alphabet
{
    private static readonly string[][] s_texts =
    [
        ["a", "ab", "ba", "b", "A", "a b", ""],
        ["1", "1.0", "true", "null", "a", " ", "*", "a?"],
        ["é", "e\u0301", "e", "😀", "😀a", "a", "\uE000", "\uFFFD"],
        ["i", "I", "İ", "ı", "a", "a\n", "a\nb", "\u0000"],
    ];

    private static readonly string[] s_patterns =
        ["a", "ab", "a*", "*a", "*b*", "?", "??", "a?", "?b", "*", "*?", "é", "e?", "😀", "?a", "A", "1*", "*\n*", " *", "a?b", "i*", "I"];

    private static readonly string[] s_expressions =
        ["a", "^a", "b$", "a$", @"\Aab?\z", "^.$", @"\d", "(?i)A", "(?i)i", "[^a]", "a|1", @"\s", "é", @"\p{L}{2}", "^$"];

    private static readonly string[][] s_numbers =
    [
        ["1", "1.0", "10e-1", "0.1e1", "1E+0", "1e-0", "100000e-5", "2", "0", "-1", "-1.00", "3.5", "35e-1"],
        ["0", "-0", "0.0", "0e999", "-0e-99999999999999999999", "1e-400", "-1e-400", "1e-68", "0.00000000000000000000000000000000000000000000000000000000000000000001"],
        ["100", "1e2", "100.00000000000000000000000000001", "99.99999999999999999999999999999", "1e002", "10", "1000"],
        ["9007199254740992", "9007199254740993", "9007199254740992.5", "9007199254740991", "9.007199254740993e15", "99999999999999999999999999999999999999", "1e38"],
        ["1e400", "1e0400", "1" + new string('0', 400), "1e999", "-1e400", "-1e999", "1e308", "0." + new string('0', 399) + "1", "1e-400"],
        [
            "1e2147483647", "1e2147483648", "10e2147483647", "1e99999999999999999999", "-1e99999999999999999999", "1e-2147483649", "1e-99999999999999999999",
            "0.1e100000000000000000000", "1e99999999999999999998",
        ],
    ];

    private Alphabet(string[] texts, string[] numbers)
    {
        Texts = Gen.Elements(texts).Select(JsonGen.Quote);
        Words = Texts.Where(json => json.Trim('"', ' ').Length > 0);
        Numbers = Gen.Frequency(
            (7, Gen.Elements(numbers)),
            (1, Gen.Choose(-120, 120).SelectMany(digits => Gen.Choose(-3, 3).Select(exponent => string.Create(CultureInfo.InvariantCulture, $"{digits}e{exponent}")))));
        Scalars = Gen.Frequency((4, Texts), (4, Numbers), (1, Booleans));
    }

    /// <summary>Gets each combination of a group of strings and a group of numbers.</summary>
    public static IEnumerable<Alphabet> All { get; } = [.. s_texts.SelectMany(texts => s_numbers.Select(numbers => new Alphabet(texts, numbers)))];

    public static Gen<string> Booleans => Gen.Elements("true", "false");

    public static Gen<string> Patterns => Gen.Elements(s_patterns).Select(JsonGen.Quote);

    public static Gen<string> Expressions => Gen.Elements(s_expressions).Select(JsonGen.Quote);

    public Gen<string> Texts { get; }

    /// <summary>Gets the strings that are not blank, as conditions on the context ask for.</summary>
    public Gen<string> Words { get; }

    public Gen<string> Numbers { get; }

    public Gen<string> Scalars { get; }
}
