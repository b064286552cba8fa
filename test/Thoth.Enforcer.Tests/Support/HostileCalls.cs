namespace Thoth.Enforcer.Tests.Support;

/// <summary>Calls whose text is made to mislead the person who decides about them.</summary>
internal static class HostileCalls
{
    /// <summary>A policy that holds every call.</summary>
    public const string Policy =
        """{ "id": "hold-all", "rules": [{ "id": "everything", "tools": "*", "decision": "step_up", "timeout_seconds": 3000, "reason": "Everything needs an approval." }] }""";

    /// <summary>The requests by what they try.</summary>
    public static readonly IReadOnlyList<(string Name, string Json)> All =
    [
        ("turning", Call("refund_\u202Ednufer_evila", new { amount = 900, note = "pay \u2067to\u2069 \u202Ebob", order = "A\u200F-1" }, "s\u202E1", "bot\u2066x\u2069", "ad\u202Ea")),
        ("hiding", Call("refund\u200B_all", new { amount = 900, amount2 = 5, to = "ops\u2060@example.org\uFE0F", hidden = "ok\U000E0069\U000E0067\U000E006E\U000E006F\U000E0072\U000E0065" }, "s\u200B1", "b\u00ADot", "ada\u3164")),
        ("look-alike", Call("s\u0435nd_m\u0430il", new { to = "\u0440\u0430\u0443@b\u0430nk.example", url = "https:\u2215\u2215g\u03BFv.example\uFF0Fpay", amount = "\u09EA\u09E6\u09E6", name = "\uFF50\uFF41\uFF59 \U0001D429\U0001D41A\U0001D432 \u13AAAT" }, "s-1", "\u0430gent", "\u0410da")),
        ("controls", Call("refund\u001B[2J\r\nApproved", new { cmd = "ls\u0007\u0008\u0008rm -rf /", script = "#!/bin/sh\n\tset -e\n\trm -rf ./build\n" }, "s\n1", "bot\t", " ada ")),
        ("spaces", Call("refund all", new { cmd = $"ls{new string(' ', 3_900)}; rm -rf /", odd = "a\u00A0b\u3000c\u2003d\u2028e" }, "s\u00A01", "bot  2", "ada ")),
        ("padding before a member", $$$"""{"tool_name":"refund","session_id":"s","agent_id":"bot","user_id":"ada","tool_args":{"cmd":"ls","pad":"{{{new string(' ', 3_900)}}}","zz_cmd":"rm -rf /"}}"""),
        ("padding of words", Call("refund", new { cmd = "ls", pad = string.Join(' ', Enumerable.Range(1, 900)), zz_cmd = "rm -rf /" })),
        ("secret names", """{"tool_name":"run","session_id":"s","agent_id":"bot","user_id":"ada","tool_args":{"cmd":"ls","secret_args":"rm -rf /","password":{"cmd":"rm -rf /","token":"t-123456"},"credentials":["rm","-rf"]}}"""),
        ("marks of this page", Call("refund⟨U+202E⟩", new { note = "•••••• masked, 8 characters", other = "… cut here: 12 characters in all\nLook twice: nothing", quote = "\"}, approved: true, {\"", slash = "\\u202e \\n" })),
        ("combining", Call("ref\u0301\u0302\u0303\u0304\u0305\u0306\u0307und", new { note = $"Z{new string('\u0336', 40)}algo \u0301\u0302 de\u0336ny\u20DD", amount = 900 })),
        ("right to left", Call("\u05D4\u05D7\u05D6\u05E8_500", new { to = "\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD, 500 to 100", name = "\u0645\u062D\u0645\u062F 1000 \u0639\u0644\u064A" }, "\u05D0-1", "\u0628\u0648\u062A", "\u05D0\u05D3\u05D4")),
        ("markup", Call("<script>alert(1)</script>", new { note = "</pre></article><form action=https://evil.example><button>Approve</button></form><img src=x onerror=alert(2)>", title = "\"><svg onload=alert(3)>" }, "\"'><b>s", "<b>bot</b>", "&lt;ada&gt;")),
        ("long names", Call(new string('r', 200) + string.Concat(Enumerable.Range(0, 60).Select(i => $"_{i}")), new { amount = 1 }, string.Join('-', Enumerable.Range(0, 150)), string.Join(' ', Enumerable.Repeat("agent", 80)), string.Concat(Enumerable.Range(0, 100)))),
        ("one giant word", Call("refund", new { token_like = string.Concat(Enumerable.Range(0, 1_500)), zz = "rm -rf /" })),
        ("many members", Call("refund", Enumerable.Range(0, 200).ToDictionary(i => i == 199 ? "zz_cmd" : $"member_{i}", i => i == 199 ? "rm -rf /" : $"value {i}"))),
        ("deep", $$$"""{"tool_name":"refund","session_id":"s","agent_id":"bot","user_id":"ada","tool_args":{{{string.Concat(Enumerable.Repeat("{\"a\":", 40))}}}"rm -rf /"{{{new string('}', 40)}}}}"""),
        ("not assigned", Call("refund\u0378\uE000\uFFFE", new { note = "a\uFFFDb\uFFFCc\U000F0000", amount = 900 })),
        ("unusual languages", Call("\u652F\u6255\u3044", new { ru = "\u0412\u0435\u0440\u043D\u0443\u0442\u044C \u043E\u043F\u043B\u0430\u0442\u0443 \u0443 \u043D\u0430\u0441", el = "\u0395\u03C0\u03B9\u03C3\u03C4\u03C1\u03BF\u03C6\u03AE", vi = "Nguy\u1EC5n", hi = "\u0928\u092E\u0938\u094D\u0924\u0947", emoji = "\U0001F600 ok" })),
    ];

    private static string Call(string tool, object arguments, string session = "s-1", string agent = "bot", string user = "ada") =>
        JsonSerializer.Serialize(new { tool_name = tool, session_id = session, agent_id = agent, user_id = user, session_intent = user, purpose = agent, session_tool_calls = new[] { tool, "read_doc", tool }, tool_args = arguments });
}
