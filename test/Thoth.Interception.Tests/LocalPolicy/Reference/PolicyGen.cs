using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Generates valid policies.</summary>
internal sealed class PolicyGen
{
    public static readonly string[] Environments = ["prod", "staging", "dev"];

    private static readonly Gen<string> s_toolPatterns = Gen.Elements(
        "*", "*", "*", "read", "read*", "rea?", "send", "s*d", "*_?", "read_a", "😀", "?", "send_?", "*a*", "Read", "send_é").Select(JsonGen.Quote);

    // Names have a usual type: n a number, s a string, l an array, o an object; x has any.
    private static readonly Gen<string> s_paths = Gen.Frequency(
        (30, Gen.Elements("args.n", "args.s", "args.x", "args.l", "args.o", "args['odd.n''s']", "args['n']", "args.😀")),
        (12, Gen.Elements("args.l[0]", "args.l[1]", "args.l[2]", "args.l[00]", "args.l[2147483647]", "args.x[0]", "args.n[0]", "args.o[0]", "args.l[0][0]")),
        (20, Gen.Elements("args.l[*]", "args.l[*]", "args.l[*]", "args.x[*]", "args.o[*]", "args[*]", "args.s[*]", "args.l[*][*]", "args[*][*]", "args['l'][*]")),
        (15, Gen.Elements("args.o.n", "args.o.s", "args.o.o.n", "args.x.n", "args.s.n", "args.l.n", "args.o.l", "args.o['odd.n''s']")),
        (20, Gen.Elements(
            "args.l[*].n", "args.l[*].s", "args.o.l[*]", "args.l[0].n", "args.o.l[1]", "args.l[*].l[*]", "args.l[*].o.n", "args.x[*].n", "args.o[*].n", "args[*].n",
            "args.l[*][0]", "args[*].l[*]", "args.l[1].l[*]", "args.o.o.o.n")),
        (1, PathOf("o")));

    private static readonly Gen<string> s_plainPaths = Gen.Frequency(
        (19, Gen.Elements(
            "args.n", "args.s", "args.x", "args.l", "args.o", "args.o.n", "args.l[0]", "args.l[*]", "args.new.o.n", "args.l[0].n", "args.l[*].n", "args.l[*].o.n")),
        (1, PathOf("new")));

    private static readonly Gen<string> s_arrayPaths = Gen.Elements("args.l", "args['l']", "args.l", "args.o.l", "args.l[0]", "args.x");

    private readonly ConditionGen _conditions;
    private readonly Gen<string> _values;
    private readonly Gen<string> _filterValues;

    public PolicyGen(Alphabet alphabet)
    {
        _conditions = new(alphabet);
        _values = new CallGen(alphabet).Values;
        _filterValues = Gen.OneOf(
            JsonGen.OneOrMore(alphabet.Scalars),
            JsonGen.Many(alphabet.Texts, 1, 2).SelectMany(texts => alphabet.Numbers.Select(number => $"[{string.Join(",", texts.Distinct())},{number}]")));
        Policies =
            from rules in Gen.Frequency(
                (1, Gen.Constant(Array.Empty<string>())),
                (60, JsonGen.Many(Rules(allow: 35, modify: 15, stepUp: 20, defer: 15, block: 15, conditions: 92), 1, 9)),
                (25, JsonGen.Many(Rules(allow: 10, modify: 70, stepUp: 15, defer: 0, block: 0, conditions: 45), 1, 4)))
            from escapes in JsonGen.Percent(5)
            from pack in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Elements("\"id\":\"p\",", "\"version\":\"1\",", "\"version\":\"2\",\"id\":\"q\",")))
            let policy = $$"""{{{pack}}"rules":[{{string.Join(",", rules.Index().Select(rule => rule.Item.Replace("$id", $"r{rule.Index}", StringComparison.Ordinal)))}}]}"""
            select escapes ? JsonGen.Escape(policy) : policy;
    }

    /// <summary>Gets the policies: of all decisions, or mostly of edits, with some letters as JSON escapes.</summary>
    public Gen<string> Policies { get; }

    // As many levels as the document permits, one less and one more.
    private static Gen<string> PathOf(string name) =>
        Gen.Choose(63, 65).Select(levels => "args" + string.Concat(Enumerable.Repeat("." + name, levels)));

    private Gen<string> Rules(int allow, int modify, int stepUp, int defer, int block, int conditions) => Gen.Frequency(
        (allow, Rule("allow", conditions)), (modify, Rule("modify", conditions)), (stepUp, Rule("step_up", conditions)),
        (defer, Rule("defer", conditions)), (block, Rule("block", conditions)));

    private Gen<string> Rule(string decision, int conditions) => JsonGen.Object(
        ("id", 100, Gen.Constant("\"$id\"")),
        ("tools", 100, Gen.Frequency((2, Gen.Constant("\"*\"")), (1, JsonGen.OneOrMore(s_toolPatterns)))),
        ("actions", 6, JsonGen.OneOrMore(Gen.Elements("read", "write", "delete", "execute", "unspecified").Select(JsonGen.Quote))),
        ("when", conditions, When(decision is "allow" or "modify")),
        ("decision", 100, Gen.Constant(JsonGen.Quote(decision))),
        ("reason", 20, Gen.Elements("\"because\"", "\"so\"")),
        ("code", 20, Gen.Elements("\"c1\"", "\"c2\"")),
        ("risk_score", 10, Gen.Elements("0", "70", "-1.5")),
        ("timeout_seconds", decision == "step_up" ? 30 : 0, Gen.Elements("1", "86400")),
        ("retry_seconds", decision == "defer" ? 30 : 0, Gen.Elements("1", "86400")),
        ("modify", decision == "modify" ? 100 : 0, Modify));

    private Gen<string> When(bool permits) => JsonGen.Map(
        Gen.Frequency(
            (12, Gen.Elements("user", "agent", "tenant", "session_intent", "purpose", "data_classification")),
            (3, Gen.Constant("environment")),
            (8, Gen.Constant("history")),
            (60, s_paths)),
        key => key switch
        {
            "environment" => _conditions.Environment,
            "history" => History,
            _ when key.StartsWith("args", StringComparison.Ordinal) => _conditions.For(key, permits),
            _ => _conditions.String,
        },
        1,
        2,
        Identity);

    private static Gen<string> History => Gen.Frequency(
        (3, HistoryOperators),
        (1, HistoryOperators.Select(json => $$"""{"not":{{json}}}""")));

    private static Gen<string> HistoryOperators => Gen.Frequency(
        (4, JsonGen.Object(("contains", 100, JsonGen.OneOrMore(s_toolPatterns)))),
        (4, JsonGen.Object(("follows", 100, Follows))),
        (4, JsonGen.Object(("count", 100, Count))),
        (3, JsonGen.Object(("contains", 100, JsonGen.OneOrMore(s_toolPatterns)), ("follows", 50, Follows), ("count", 50, Count))));

    private static Gen<string> Follows => Gen.OneOf(s_toolPatterns, JsonGen.Many(s_toolPatterns, 1, 3).Select(items => $"[{string.Join(",", items)}]"));

    private static Gen<string> Count => Gen.OneOf(
        JsonGen.Object(("tools", 100, JsonGen.OneOrMore(s_toolPatterns)), ("at_least", 100, Gen.Elements("1", "2", "3"))),
        JsonGen.Object(("tools", 100, JsonGen.OneOrMore(s_toolPatterns)), ("at_most", 100, Gen.Elements("0", "1", "2", "3"))),
        JsonGen.Object(("tools", 100, JsonGen.OneOrMore(s_toolPatterns)), ("at_least", 100, Gen.Elements("1", "2")), ("at_most", 100, Gen.Elements("2", "4", "126"))));

    // At least one key. Half of the paths are plain: otherwise hardly any edit fits.
    private Gen<string> Modify =>
        from first in Gen.Elements("remove", "remove_values", "keep_values", "replace", "set", "set")
        from edits in JsonGen.Object(
            ("set", first == "set" ? 100 : 15, ByPath(s_plainPaths, _values)),
            ("remove", first == "remove" ? 100 : 15, Removals),
            ("keep_values", first == "keep_values" ? 100 : 15, ByPath(s_arrayPaths, _filterValues)),
            ("replace", first == "replace" ? 100 : 15, ByPath(s_plainPaths, _values)),
            ("remove_values", first == "remove_values" ? 100 : 15, ByPath(s_arrayPaths, _filterValues)))
        select edits;

    private static Gen<string> Removals => JsonGen.Many(Gen.OneOf(s_plainPaths, s_paths), 1, 3).Select(paths =>
        $"[{string.Join(",", paths.DistinctBy(path => path.Contains("[0]", StringComparison.Ordinal) ? new object() : Identity(path)).Select(JsonGen.Quote))}]");

    private Gen<string> ByPath(Gen<string> usual, Gen<string> value) => JsonGen.Map(Gen.Frequency((2, usual), (1, s_paths)), _ => value, 1, 2, Identity);

    private static object Identity(string key) =>
        key.StartsWith("args", StringComparison.Ordinal) ? string.Join('/', ReferenceStep.Parse(key)) : key;
}
