using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Generates policies. Nearly all are valid; the engine refuses the others, such as contradictory conditions.</summary>
internal static class PolicyGen
{
    public static readonly string[] Environments = ["prod", "staging", "dev"];

    public static Gen<string> ToolPatterns { get; } = Gen.Elements(
        "*", "*", "*", "read", "read*", "rea?", "send", "s*d", "*_?", "read_a", "😀", "?", "send_?", "*a*", "Read", "send_é").Select(JsonGen.Quote);

    // Names have a usual type: n a number, s a string, l an array, o an object; x has any.
    private static Gen<string> Paths { get; } = Gen.Frequency(
        (30, Gen.Elements("args.n", "args.s", "args.x", "args.l", "args.o", "args['odd.n''s']", "args['n']", "args.😀")),
        (12, Gen.Elements("args.l[0]", "args.l[1]", "args.l[2]", "args.l[00]", "args.l[2147483647]", "args.x[0]", "args.n[0]", "args.o[0]", "args.l[0][0]")),
        (20, Gen.Elements("args.l[*]", "args.x[*]", "args.o[*]", "args[*]", "args.s[*]", "args.l[*][*]", "args[*][*]", "args['l'][*]")),
        (15, Gen.Elements("args.o.n", "args.o.s", "args.o.o.n", "args.x.n", "args.s.n", "args.l.n", "args.o.l", "args.o['odd.n''s']")),
        (20, Gen.Elements(
            "args.l[*].n", "args.l[*].s", "args.o.l[*]", "args.l[0].n", "args.o.l[1]", "args.l[*].l[*]", "args.l[*].o.n", "args.x[*].n", "args.o[*].n", "args[*].n",
            "args.l[*][0]", "args[*].l[*]", "args.l[1].l[*]", "args.o.o.o.n")),
        (1, Gen.Constant("args" + string.Concat(Enumerable.Repeat(".o", 70)))));

    private static readonly Gen<string> s_plainPaths = Gen.Elements("args.n", "args.s", "args.x", "args.l", "args.o", "args.o.n", "args.l[0]", "args.l[*]", "args.new.o.n");

    private static readonly Gen<string> s_arrayPaths = Gen.Elements("args.l", "args['l']", "args.o.l", "args.l[0]", "args.x");

    private static readonly Gen<string> s_filterValues = Gen.Frequency(
        (1, JsonGen.OneOrMore(JsonGen.Scalars)),
        (1, JsonGen.Many(JsonGen.Texts, 1, 2).SelectMany(texts => JsonGen.Numbers.Select(number => $"[{string.Join(",", texts.Distinct())},{number}]"))));

    private static Gen<string> Condition { get; } = ConditionWith(
        JsonGen.OneOrMore(JsonGen.Scalars),
        ("equals", JsonGen.Scalars),
        ("in", JsonGen.Array(JsonGen.Scalars, 1, 3)),
        ("contains", Gen.OneOf(JsonGen.Words, JsonGen.Numbers, JsonGen.Booleans)),
        ("like", JsonGen.OneOrMore(JsonGen.Patterns)),
        ("matches", JsonGen.Expressions),
        ("greater", JsonGen.Numbers),
        ("at_least", JsonGen.Numbers),
        ("less", JsonGen.Numbers),
        ("at_most", JsonGen.Numbers));

    private static Gen<string> History { get; } = Gen.Frequency(
        (3, HistoryOperators),
        (1, HistoryOperators.Select(json => $$"""{"not":{{json}}}""")));

    /// <summary>Gets the policies: of all decisions, or mostly of edits, with some letters as JSON escapes.</summary>
    public static Gen<string> Policies { get; } =
        from rules in Gen.Frequency(
            (1, Gen.Constant(Array.Empty<string>())),
            (60, JsonGen.Many(Rules(allow: 35, modify: 15, stepUp: 20, defer: 15, block: 15, conditions: 92), 1, 9)),
            (25, JsonGen.Many(Rules(allow: 10, modify: 70, stepUp: 15, defer: 0, block: 0, conditions: 45), 1, 4)))
        from escapes in JsonGen.Percent(5)
        let policy = $$"""{"rules":[{{string.Join(",", rules.Index().Select(rule => rule.Item.Replace("$id", $"r{rule.Index}", StringComparison.Ordinal)))}}]}"""
        select escapes ? JsonGen.Escape(policy) : policy;

    private static Gen<string> Rules(int allow, int modify, int stepUp, int defer, int block, int conditions) => Gen.Frequency(
        (allow, Rule("allow", conditions)), (modify, Rule("modify", conditions)), (stepUp, Rule("step_up", conditions)),
        (defer, Rule("defer", conditions)), (block, Rule("block", conditions)));

    private static Gen<string> Rule(string decision, int conditions) => JsonGen.Object(
        ("id", 100, Gen.Constant("\"$id\"")),
        ("tools", 100, Gen.Frequency((2, Gen.Constant("\"*\"")), (1, JsonGen.OneOrMore(ToolPatterns)))),
        ("actions", 6, JsonGen.OneOrMore(Gen.Elements("read", "write", "delete", "execute", "unspecified").Select(JsonGen.Quote))),
        ("when", conditions, When(decision is "allow" or "modify")),
        ("decision", 100, Gen.Constant(JsonGen.Quote(decision))),
        ("reason", 20, Gen.Elements("\"because\"", "\"so\"")),
        ("code", 20, Gen.Elements("\"c1\"", "\"c2\"")),
        ("risk_score", 10, Gen.Elements("0", "70", "-1.5")),
        ("timeout_seconds", decision == "step_up" ? 30 : 0, Gen.Elements("1", "86400")),
        ("retry_seconds", decision == "defer" ? 30 : 0, Gen.Elements("1", "86400")),
        ("modify", decision == "modify" ? 100 : 0, Modify));

    private static Gen<string> When(bool permits) => JsonGen.Map(
        Gen.Frequency(
            (12, Gen.Elements("user", "agent", "tenant", "session_intent", "purpose", "data_classification")),
            (3, Gen.Constant("environment")),
            (8, Gen.Constant("history")),
            (60, Paths)),
        key => key switch
        {
            "environment" => StringCondition(Gen.Elements(Environments).Select(JsonGen.Quote), Gen.Elements("\"pr*\"", "\"?ev\"", "\"*\"", "\"*a*\"")),
            "history" => History,
            _ when !key.StartsWith("args", StringComparison.Ordinal) => StringCondition(JsonGen.Words, JsonGen.Patterns),
            _ when !key.Contains("[*]", StringComparison.Ordinal) => Condition,
            _ => QuantifiedCondition(permits),
        },
        1,
        2,
        Identity);

    private static Gen<string> StringCondition(Gen<string> value, Gen<string> pattern) => ConditionWith(
        JsonGen.OneOrMore(value),
        ("equals", value),
        ("in", JsonGen.Array(value, 1, 3)),
        ("contains", value),
        ("like", JsonGen.OneOrMore(pattern)),
        ("matches", JsonGen.Expressions));

    private static Gen<string> QuantifiedCondition(bool permits)
    {
        // Some that many elements fulfil: otherwise `all` is hardly ever true.
        var wide = Gen.Elements("""{"like":"*"}""", """{"at_least":-1e400}""", """{"exists":true}""", """{"not":"b"}""", """{"not":2}""", """["a","ab","1",1,2]""");
        var quantified = Gen.Elements("any", "all").SelectMany(key => Gen.OneOf(Condition, wide)
            .Select(condition => $$"""{"{{key}}":{{condition}}}"""));
        return permits ? quantified : Gen.OneOf(quantified, Condition);
    }

    // One operator, a few that may fit together, `exists`, `not`, or only the value.
    private static Gen<string> ConditionWith(Gen<string> plain, params (string Key, Gen<string> Operand)[] operators)
    {
        var one = Gen.OneOf(operators.Select(item => item.Operand.Select(operand => $"\"{item.Key}\":{operand}")));
        var isNumeric = operators.Any(item => item.Key == "less");
        var several = isNumeric
            ? from low in Gen.Elements("\"greater\":-1e400", "\"at_least\":0", "\"greater\":0.9", "\"at_least\":1", "\"greater\":1e-400")
              from high in Gen.Elements("\"less\":1e400", "\"at_most\":100", "\"less\":1.1", "\"at_most\":1.0", "\"less\":100.00000000000000000000000000001")
              from same in JsonGen.Percent(50)
              from pattern in JsonGen.Patterns
              from expression in JsonGen.Expressions
              select same ? $"{low},{high}" : $"\"like\":{pattern},\"matches\":{expression}"
            : from pattern in operators[3].Operand
              from part in operators[2].Operand
              select $"\"like\":{pattern},\"contains\":{part}";
        var negated = Gen.Frequency((2, plain), (4, one.Select(json => $"{{{json}}}")), (2, several.Select(json => $"{{{json}}}"))).Select(json => $"\"not\":{json}");
        var besideNot = isNumeric
            ? from low in Gen.Elements("\"greater\":-1e400", "\"at_least\":0", "\"less\":1e400")
              from excluded in JsonGen.Numbers
              select $"{low},\"not\":{excluded}"
            : from pattern in operators[3].Operand
              from excluded in operators[0].Operand
              select $"\"like\":{pattern},\"not\":{excluded}";
        return Gen.Frequency(
            (20, plain),
            (55, one.Select(json => $"{{{json}}}")),
            (12, several.Select(json => $"{{{json}}}")),
            (14, JsonGen.Booleans.Select(json => $$"""{"exists":{{json}}}""")),
            (25, negated.Select(json => $"{{{json}}}")),
            (8, besideNot.Select(json => $"{{{json}}}")));
    }

    private static Gen<string> HistoryOperators => Gen.Frequency(
        (4, JsonGen.Object(("contains", 100, JsonGen.OneOrMore(ToolPatterns)))),
        (4, JsonGen.Object(("follows", 100, Follows))),
        (4, JsonGen.Object(("count", 100, Count))),
        (3, JsonGen.Object(("contains", 100, JsonGen.OneOrMore(ToolPatterns)), ("follows", 50, Follows), ("count", 50, Count))));

    private static Gen<string> Follows => Gen.OneOf(ToolPatterns, JsonGen.Many(ToolPatterns, 1, 3).Select(items => $"[{string.Join(",", items)}]"));

    private static Gen<string> Count => Gen.OneOf(
        JsonGen.Object(("tools", 100, JsonGen.OneOrMore(ToolPatterns)), ("at_least", 100, Gen.Elements("1", "2", "3"))),
        JsonGen.Object(("tools", 100, JsonGen.OneOrMore(ToolPatterns)), ("at_most", 100, Gen.Elements("0", "1", "2", "3"))),
        JsonGen.Object(("tools", 100, JsonGen.OneOrMore(ToolPatterns)), ("at_least", 100, Gen.Elements("1", "2")), ("at_most", 100, Gen.Elements("2", "4", "126"))));

    // At least one key. Half of the paths are plain: otherwise hardly any edit fits.
    private static Gen<string> Modify =>
        from first in Gen.Elements("remove", "remove_values", "keep_values", "replace", "set", "set")
        from edits in JsonGen.Object(
            ("set", first == "set" ? 100 : 15, ByPath(s_plainPaths, CallGen.Values)),
            ("remove", first == "remove" ? 100 : 15, Removals),
            ("keep_values", first == "keep_values" ? 100 : 15, ByPath(s_arrayPaths, s_filterValues)),
            ("replace", first == "replace" ? 100 : 15, ByPath(s_plainPaths, CallGen.Values)),
            ("remove_values", first == "remove_values" ? 100 : 15, ByPath(s_arrayPaths, s_filterValues)))
        select edits;

    private static Gen<string> Removals => JsonGen.Many(Gen.OneOf(s_plainPaths, Paths), 1, 3).Select(paths =>
        $"[{string.Join(",", paths.DistinctBy(path => path.Contains("[0]", StringComparison.Ordinal) ? new object() : Identity(path)).Select(JsonGen.Quote))}]");

    private static Gen<string> ByPath(Gen<string> usual, Gen<string> value) => JsonGen.Map(Gen.Frequency((2, usual), (1, Paths)), _ => value, 1, 2, Identity);

    private static object Identity(string key) =>
        key.StartsWith("args", StringComparison.Ordinal) ? string.Join('/', ReferenceStep.Parse(key)) : key;
}
