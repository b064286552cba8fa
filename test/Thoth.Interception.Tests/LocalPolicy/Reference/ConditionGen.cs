using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Generates conditions on a value.</summary>
internal sealed class ConditionGen
{
    private readonly Gen<string> _any;
    private readonly Gen<string> _number;
    private readonly Gen<string> _contains;

    public ConditionGen(Alphabet alphabet)
    {
        var numbers = alphabet.Numbers;
        (string, Gen<string>)[] comparisons = [("greater", numbers), ("at_least", numbers), ("less", numbers), ("at_most", numbers)];
        var range =
            from low in Gen.Elements("\"greater\":-1e400", "\"at_least\":0", "\"greater\":0.9", "\"at_least\":1", "\"greater\":1e-400")
            from high in Gen.Elements("\"less\":1e400", "\"at_most\":100", "\"less\":1.1", "\"at_most\":1.0", "\"less\":100.00000000000000000000000000001")
            select $"{low},{high}";
        var bound =
            from low in Gen.Elements("\"greater\":-1e400", "\"at_least\":0", "\"less\":1e400")
            from excluded in numbers
            select $"{low},\"not\":{excluded}";
        String = StringWith(alphabet.Words, Alphabet.Patterns);
        _number = With(Gen.OneOf(range, bound), JsonGen.OneOrMore(numbers), [("equals", numbers), ("in", JsonGen.Array(numbers, 1, 3)), .. comparisons]);
        _contains = Gen.OneOf(alphabet.Words, numbers, Alphabet.Booleans)
            .SelectMany(value => Gen.Elements($$"""{"contains":{{value}}}""", $$$"""{"not":{"contains":{{{value}}}}}"""));
        _any = With(
            Gen.OneOf(range, bound, Several(alphabet.Words, Alphabet.Patterns)),
            JsonGen.OneOrMore(alphabet.Scalars),
            [
                ("equals", alphabet.Scalars),
                ("in", JsonGen.Array(alphabet.Scalars, 1, 3)),
                ("contains", Gen.OneOf(alphabet.Words, numbers, Alphabet.Booleans)),
                ("like", JsonGen.OneOrMore(Alphabet.Patterns)),
                ("matches", Alphabet.Expressions),
                .. comparisons,
            ]);
    }

    /// <summary>Gets conditions on a string of the context.</summary>
    public Gen<string> String { get; }

    public Gen<string> Environment { get; } =
        StringWith(Gen.Elements(PolicyGen.Environments).Select(JsonGen.Quote), Gen.Elements("\"pr*\"", "\"?ev\"", "\"*\"", "\"*a*\""));

    /// <summary>Makes conditions on arguments: mostly for the usual type of the last name of the path.</summary>
    public Gen<string> For(string path, bool permits)
    {
        var condition = path[^1] switch
        {
            'n' => Gen.Frequency((3, _number), (2, _any)),
            's' => Gen.Frequency((3, String), (2, _any)),
            'l' => Gen.Frequency((2, _contains), (2, _any)),
            _ => Gen.Frequency((1, _number), (1, String), (3, _any)),
        };
        if (!path.Contains("[*]", StringComparison.Ordinal))
        {
            return condition;
        }

        // Some that many elements fulfil: otherwise `all` is hardly ever true.
        var wide = Gen.Elements("""{"like":"*"}""", """{"at_least":-1e400}""", """{"exists":true}""", """{"not":"b"}""", """{"not":2}""", """["a","ab","1",1,2]""");
        var quantified = Gen.Elements("any", "all").SelectMany(key => Gen.OneOf(condition, wide, wide).Select(nested => $$"""{"{{key}}":{{nested}}}"""));
        return permits ? quantified : Gen.OneOf(quantified, condition);
    }

    private static Gen<string> StringWith(Gen<string> values, Gen<string> patterns) => With(
        Several(values, patterns),
        JsonGen.OneOrMore(values),
        [("equals", values), ("in", JsonGen.Array(values, 1, 3)), ("contains", values), ("like", JsonGen.OneOrMore(patterns)), ("matches", Alphabet.Expressions)]);

    private static Gen<string> Several(Gen<string> values, Gen<string> patterns) =>
        from pattern in patterns
        from value in values
        from expression in Alphabet.Expressions
        from other in Gen.Elements($"\"contains\":{value}", $"\"not\":{value}", $"\"matches\":{expression}")
        select $"\"like\":{pattern},{other}";

    // Only the value, one operator, several that may fit together, `exists`, or `not`.
    private static Gen<string> With(Gen<string> several, Gen<string> plain, (string Key, Gen<string> Operand)[] operators)
    {
        var one = Gen.OneOf(operators.Select(item => item.Operand.Select(operand => $"{{\"{item.Key}\":{operand}}}")));
        var negated = Gen.Frequency((2, plain), (4, one), (2, several.Where(json => !json.Contains("not", StringComparison.Ordinal)).Select(Braced)));
        return Gen.Frequency(
            (20, plain),
            (55, one),
            (20, several.Select(Braced)),
            (14, Alphabet.Booleans.Select(json => $$"""{"exists":{{json}}}""")),
            (25, negated.Select(json => $$"""{"not":{{json}}}""")));
    }

    private static string Braced(string members) => $"{{{members}}}";
}
