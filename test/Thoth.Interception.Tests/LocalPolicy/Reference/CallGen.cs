using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Generates calls, as <see cref="PolicyCase"/> reads them.</summary>
internal sealed class CallGen
{
    private static readonly Gen<string> s_tools = Gen.Elements("read", "read_a", "send", "send_é", "send_e\u0301", "😀", "Read", "s_a").Select(JsonGen.Quote);

    private static readonly Gen<string> s_names = Gen.Elements("n", "s", "x", "l", "o", "l", "o", "odd.n's", "😀", "N");

    private readonly Alphabet _alphabet;

    public CallGen(Alphabet alphabet)
    {
        _alphabet = alphabet;
        Values = ValueOf("x", 3);
        var words = Gen.Frequency((4, alphabet.Words), (1, Gen.Elements("\"\"", "\" \"", "\"\\t\"")));
        Calls =
            from call in JsonGen.Object(
                ("tool", 100, s_tools),
                ("action", 50, Gen.Elements(Enum.GetNames<ToolAction>()).Select(JsonGen.Quote)),
                ("user", 60, words),
                ("agent", 60, words),
                ("tenant", 60, words),
                ("session_intent", 60, words),
                ("purpose", 60, words),
                ("data_classification", 60, words),
                ("environment", 70, Gen.Elements(PolicyGen.Environments).Select(JsonGen.Quote)),
                ("history", 70, Gen.Frequency((9, List(s_tools, 0, 5)), (1, List(s_tools, 120, 127)))),
                ("approved_scope", 22, List(s_tools, 1, 4)),
                ("mode", 80, Gen.Elements(Enum.GetNames<EnforcementMode>()).Select(JsonGen.Quote)))
            from arguments in Gen.Frequency(
                (85, Arguments.Select(json => $"\"arguments\":{json}")),
                (4, Arguments.Select(json => $"\"bytes\":{JsonGen.Quote(Latin1(JsonGen.Escape(json)))}")),
                (4, Gen.Constant("")),
                (4, Unreadable.Select(bytes => $"\"bytes\":{JsonGen.Quote(bytes)}")),
                (1, Deep))
            select arguments.Length == 0 ? call : $"{call[..^1]},{arguments}}}";
    }

    public Gen<string> Calls { get; }

    /// <summary>Gets values of arguments.</summary>
    public Gen<string> Values { get; }

    private Gen<string> Arguments => JsonGen.Object(
        [.. new[] { "n", "s", "x", "l", "o", "odd.n's", "😀", "N" }.Select((name, index) => (name, index < 5 ? 80 : 25, ValueOf(name, 3)))]);

    private static Gen<string> Unreadable => Gen.Frequency(
        (1, Gen.Elements("1", "[]", "null", " ", "{", "{}x", "{}{}", "{\"n\":1,}", "{\"n\":1}//", "/**/{}", "{\"n\":01}", "{\"n\":NaN}", "{'n':1}", "{\"s\":\"\t\"}")),
        (1, Gen.Elements("{\"n\":1,\"n\":1}", "{\"n\":1,\"\\u006e\":2}", "{\"o\":{\"n\":1,\"n\":2}}", "{\"l\":[{\"a\":1,\"a\":1}]}")),
        (1, Gen.Elements("{\"s\":\"\\ud83d\"}", "{\"\\ude00\":1}", "{\"s\":\"\\ude00\\ud83d\"}", "{\"s\":\"\u00ff\"}", "{\"s\":\"\u00ed\u00a0\u0080\"}", "\u00ef\u00bb\u00bf{}", "{\"l\":[\"\\ud83dx\"]}")));

    // 62 to 66 levels of objects or arrays.
    private static Gen<string> Deep =>
        from levels in Gen.Choose(62, 66)
        from isArray in JsonGen.Percent(50)
        let inner = levels - 1
        select "\"arguments\":" + (isArray
            ? $$"""{"n":1,"l":{{new string('[', inner)}}{{new string(']', inner)}}}"""
            : string.Concat(Enumerable.Repeat("{\"o\":", levels)) + "1" + new string('}', levels));

    private Gen<string> ValueOf(string name, int levels)
    {
        var usual = name switch
        {
            "n" or "N" or "odd.n's" => _alphabet.Numbers,
            "s" or "😀" => _alphabet.Texts,
            "l" when levels > 0 => Elements(levels),
            "o" when levels > 0 => Members(levels),
            _ => Any(levels),
        };
        return Gen.Frequency((75, usual), (8, Gen.Constant("null")), (17, Any(levels)));
    }

    private Gen<string> Any(int levels) => levels == 0
        ? _alphabet.Scalars
        : Gen.Frequency((6, _alphabet.Scalars), (2, Later(Elements, levels)), (2, Later(Members, levels)));

    private Gen<string> Elements(int levels) => Gen.Frequency(
        (1, Gen.Constant("[]")),
        (3, List(OrNull(_alphabet.Texts), 1, 3)),
        (3, List(OrNull(_alphabet.Numbers), 1, 3)),
        (2, List(Later(Any, levels - 1), 1, 3)),
        (2, List(OrNull(Later(Members, levels - 1)), 1, 3)),
        (2, List(OrNull(_alphabet.Scalars), 1, 3)));

    private static Gen<string> OrNull(Gen<string> value) => Gen.Frequency((5, value), (1, Gen.Constant("null")));

    // A generator that contains itself is made only when it is used.
    private static Gen<string> Later(Func<int, Gen<string>> make, int levels) => Gen.Fresh(() => levels).SelectMany(make);

    private Gen<string> Members(int levels) => JsonGen.Map(s_names, name => ValueOf(name, Math.Max(0, levels - 1)), 0, 4);

    private static Gen<string> List(Gen<string> element, int min, int max) => JsonGen.Many(element, min, max).Select(items => $"[{string.Join(",", items)}]");

    private static string Latin1(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
