using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Generates calls, as <see cref="PolicyCase"/> reads them.</summary>
internal static class CallGen
{
    private static readonly Gen<string> s_tools = Gen.Elements("read", "read_a", "send", "send_é", "send_e\u0301", "😀", "Read", "s_a").Select(JsonGen.Quote);

    private static readonly Gen<string> s_names = Gen.Elements("n", "s", "x", "l", "o", "l", "o", "odd.n's", "😀", "N");

    private static readonly Gen<string> s_words = Gen.Frequency((4, JsonGen.Words), (1, Gen.Elements("\"\"", "\" \"", "\"\\t\"")));

    /// <summary>Gets arguments whose names have a usual type, with others among them.</summary>
    public static Gen<string> Values { get; } = ValueOf("x", 3);

    public static Gen<string> Calls { get; } =
        from call in JsonGen.Object(
            ("tool", 100, s_tools),
            ("action", 50, Gen.Elements(Enum.GetNames<ToolAction>()).Select(JsonGen.Quote)),
            ("user", 60, s_words),
            ("agent", 60, s_words),
            ("tenant", 60, s_words),
            ("session_intent", 60, s_words),
            ("purpose", 60, s_words),
            ("data_classification", 60, s_words),
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

    private static Gen<string> Arguments => JsonGen.Object(
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

    private static Gen<string> ValueOf(string name, int levels)
    {
        var usual = name switch
        {
            "n" or "N" or "odd.n's" => JsonGen.Numbers,
            "s" or "😀" => JsonGen.Texts,
            "l" when levels > 0 => Elements(levels),
            "o" when levels > 0 => Members(levels),
            _ => Any(levels),
        };
        return Gen.Frequency((75, usual), (8, Gen.Constant("null")), (17, Any(levels)));
    }

    private static Gen<string> Any(int levels) => levels == 0
        ? JsonGen.Scalars
        : Gen.Frequency((6, JsonGen.Scalars), (2, Gen.Fresh(() => levels).SelectMany(Elements)), (2, Gen.Fresh(() => levels).SelectMany(Members)));

    private static Gen<string> Elements(int levels) => Gen.OneOf(
        List(JsonGen.Texts, 0, 3), List(JsonGen.Numbers, 0, 3), List(Gen.Fresh(() => levels - 1).SelectMany(Any), 0, 3), List(Gen.Fresh(() => levels - 1).SelectMany(Members), 0, 3), List(Gen.Frequency((3, JsonGen.Scalars), (1, Gen.Constant("null"))), 0, 3));

    private static Gen<string> Members(int levels) => JsonGen.Map(s_names, name => ValueOf(name, Math.Max(0, levels - 1)), 0, 4);

    private static Gen<string> List(Gen<string> element, int min, int max) => JsonGen.Many(element, min, max).Select(items => $"[{string.Join(",", items)}]");

    private static string Latin1(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
