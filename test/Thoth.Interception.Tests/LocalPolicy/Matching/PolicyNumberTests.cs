using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Matching;

#pragma warning disable NUnit1027 // FsCheck supplies the arguments of the properties.
public sealed class PolicyNumberTests
{
    [TestCase("100.00000000000000000000000000001", "100", 1)]
    [TestCase("-1e-29", "0", -1)]
    [TestCase("1e-400", "0", 1)]
    [TestCase("1e999", "1e400", 1)]
    [TestCase("1e400", "10e399", 0)]
    [TestCase("1e999999999", "1e1000000000", -1)]
    [TestCase("1e99999999999999999999", "10e99999999999999999998", 0)]
    [TestCase("1e99999999999999999999", "1e99999999999999999998", 1)]
    [TestCase("1e-99999999999999999999", "0", 1)]
    [TestCase("1e-99999999999999999999", "1e-99999999999999999998", -1)]
    [TestCase("-1e99999999999999999999", "1e-99999999999999999999", -1)]
    [TestCase("1e100000000000000000000", "1e99999999999999999999", 1)]
    [TestCase("1e00000000000000000000000000000000000000000000002", "100", 0)]
    [TestCase("0e99999999999999999999", "-0.000e-5", 0)]
    [TestCase("-0", "0", 0)]
    [TestCase("-0.0", "0e5", 0)]
    [TestCase("1.0", "1", 0)]
    [TestCase("1.50", "15e-1", 0)]
    [TestCase("0.0000000000000000000000000000000000000000000001", "1E-46", 0)]
    [TestCase("9007199254740993", "9007199254740992.99999999999999999999", 1)]
    [TestCase("79228162514264337593543950336", "79228162514264337593543950335", 1)]
    [TestCase("123456789012345678901234567890123456789", "123456789012345678901234567890123456788.9999", 1)]
    [TestCase("-5", "3", -1)]
    [TestCase("-5", "-5.00000000000000000000000000000000000000000001", 1)]
    public void CompareTo_ExactText_IsExact(string left, string right, int expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Math.Sign(Number(left).CompareTo(Number(right))), Is.EqualTo(expected));
            Assert.That(Math.Sign(Number(right).CompareTo(Number(left))), Is.EqualTo(-expected));
            Assert.That(Math.Sign(Read(left).CompareTo(Number(right))), Is.EqualTo(expected), "by the reader");
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 5_000, EndSize = 1_000_000)]
    public bool CompareTo_AnyTexts_EqualsTheArithmeticOfIntegers(int seed)
    {
        var random = new Random(seed);
        var left = Text(random);
        var right = random.Next(3) == 0 ? Respell(left, random) : Text(random);
        return Math.Sign(Number(left).CompareTo(Read(right))) == Expected(left, right);
    }

    [Test]
    [CancelAfter(10_000)]
    public void CompareTo_HugeTexts_TakesTimeInProportionToThem()
    {
        var digits = new string('9', 1_000_000);
        string[] texts = [digits, $"1e{digits}", $"1e-{digits}", $"0.{new string('0', 1_000_000)}1e{digits}", $"-{digits}.{digits}e{digits}"];

        foreach (var left in texts)
        {
            foreach (var right in texts)
            {
                Assert.That(
                    Math.Sign(Number(left).CompareTo(Number(right))), Is.EqualTo(-Math.Sign(Number(right).CompareTo(Number(left)))));
            }
        }
    }

    [TestCase("""{ "at_most": 100 }""", "100.00000000000000000000000000001", false)]
    [TestCase("""{ "less": 0 }""", "-1e-29", true)]
    [TestCase("""{ "equals": 1e400 }""", "1e999", false)]
    [TestCase("""{ "equals": 1e400 }""", "10e399", true)]
    [TestCase("""{ "greater": 1e400 }""", "2e400", true)]
    [TestCase("""{ "in": [1, 100000000000000000000000000000000000001] }""", "100000000000000000000000000000000000000", false)]
    [TestCase("""{ "in": [1, 100000000000000000000000000000000000001] }""", "100000000000000000000000000000000000001.0", true)]
    [TestCase("""{ "contains": 0.1 }""", "[0.10000000000000000000000000000000001]", false)]
    [TestCase("""{ "contains": 0.1 }""", "[0.1000000000000000000000000000000000]", true)]
    [TestCase("""{ "not": { "at_least": 1e-999999999 } }""", "0", true)]
    public void Evaluate_Operator_ComparesExactly(string predicate, string value, bool expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                PolicyCalls.Evaluate($"\"args.x\": {predicate}", PolicyCalls.Call(arguments: $$"""{ "x": {{value}} }""")),
                Is.EqualTo((expected, expected)));
            Assert.That(
                PolicyCalls.Evaluate($"\"args.x\": {predicate}", PolicyCalls.Call(arguments: $$"""{ "x": {{value}}, "o": {} }""")),
                Is.EqualTo((expected, expected)), "in a document");
        }
    }

    [TestCase("remove_values", "[100000000000000000000000000000000000001, 1e999]", "[100000000000000000000000000000000000000,1e400]")]
    [TestCase("keep_values", "[100000000000000000000000000000000000001, 1e999]", "[]")]
    public void Apply_Filter_ComparesExactly(string edit, string values, string expected)
    {
        var policy = PolicyCalls.Policy(
            $$$"""{ "id": "f", "tools": "*", "decision": "modify", "modify": { "{{{edit}}}": { "args.l": {{{values}}} } } }""");

        var decision = PolicyCalls.Decide(policy, PolicyCalls.Call(
            arguments: """{"l":[100000000000000000000000000000000000000,1e400]}"""));

        Assert.That(decision.ModifiedToolArgs?.GetProperty("l").GetRawText(), Is.EqualTo(expected));
    }

    private static PolicyNumber Number(string text) => PolicyNumber.From(JsonElement.Parse(text));

    private static PolicyNumber Read(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        reader.Read();
        return PolicyNumber.From(ref reader);
    }

    /// <summary>Compares by scaling both to integers; the exponents of <see cref="Text"/> are small enough for that.</summary>
    private static int Expected(string left, string right) => Scaled(left).CompareTo(Scaled(right));

    private static BigInteger Scaled(string text)
    {
        const int Shift = 400;
        var parts = text.ToUpperInvariant().Split('E');
        var mantissa = parts[0].Split('.');
        var fraction = mantissa.Length > 1 ? mantissa[1] : "";
        var exponent = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        return BigInteger.Parse(mantissa[0] + fraction, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            * BigInteger.Pow(10, Shift + exponent - fraction.Length);
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder(random.Next(2) == 0 ? "-" : "");
        text.Append(random.Next(3) == 0 ? "0" : "123456789"[random.Next(9)] + Digits(random, 40));
        if (random.Next(2) == 0)
        {
            text.Append('.').Append(Digits(random, 40)).Append(random.Next(10));
        }

        if (random.Next(2) == 0)
        {
            text.Append("eE"[random.Next(2)]).Append(((string[])["", "+", "-"])[random.Next(3)]).Append("0").Append(random.Next(300));
        }

        return text.ToString();
    }

    /// <summary>Writes nearly the same number in another way.</summary>
    private static string Respell(string text, Random random)
    {
        var exponent = text.IndexOfAny(['e', 'E']);
        var mantissa = exponent < 0 ? text : text[..exponent];
        var suffix = exponent < 0 ? "" : text[exponent..];
        var zeros = new string('0', random.Next(30)) + (random.Next(2) == 0 ? "1" : "");
        return zeros.Length == 0 ? text : mantissa.Contains('.') ? $"{mantissa}{zeros}{suffix}" : $"{mantissa}.{zeros}{suffix}";
    }

    private static string Digits(Random random, int most)
    {
        var digits = new char[random.Next(most)];
        for (var i = 0; i < digits.Length; i++)
        {
            digits[i] = "0000012345678999"[random.Next(16)];
        }

        return new(digits);
    }
}
