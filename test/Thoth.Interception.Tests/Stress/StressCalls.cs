using System.Globalization;

namespace Thoth.Interception.Tests.Stress;

/// <summary>Calls a tool by its return type, and predicts what the enforcer receives.</summary>
internal static class StressCalls
{
    public static ToolReturnType[] All { get; } = Enum.GetValues<ToolReturnType>();

    public static string TextOf(long token) => $"t{token}";

    public static string TextOf<T>(T value) => value switch
    {
        long number => TextOf(number),
        TokenRecord record => record.Text!,
        _ => $"{value}",
    };

    public static string ToolOf(ToolReturnType returnType) => returnType switch
    {
        ToolReturnType.Void => "act",
        ToolReturnType.Result => "now",
        ToolReturnType.Task => "act_later",
        ToolReturnType.TaskOfResult => "later",
        ToolReturnType.ValueTask => "act_soon",
        ToolReturnType.ValueTaskOfResult => "soon",
        ToolReturnType.Sequence => "sequence",
        ToolReturnType.AsyncSequence => "sequence_later",
        ToolReturnType.RefAndOut => "try_take",
        ToolReturnType.GenericTaskOfText or ToolReturnType.GenericTaskOfRecord => "echo_later",
        _ => "echo",
    };

    /// <summary>The arguments as JSON, to the letter.</summary>
    public static string ArgumentsOf(ToolReturnType returnType, long token) => returnType switch
    {
        ToolReturnType.GenericOfNumber => $$"""{"token":{{token}},"value":{{token}}}""",
        ToolReturnType.GenericOfText or ToolReturnType.GenericTaskOfText => $$"""{"token":{{token}},"value":"t{{token}}"}""",
        ToolReturnType.GenericOfRecord or ToolReturnType.GenericTaskOfRecord => $$$"""{"token":{{{token}}},"value":{"Text":"t{{{token}}}"}}""",
        _ => $$"""{"token":{{token}},"text":"t{{token}}"}""",
    };

    /// <summary>Makes one call and waits for its end.</summary>
    /// <param name="tools">The tools, bare or governed.</param>
    /// <param name="returnType">Which one to call.</param>
    /// <param name="token">What to call it with.</param>
    /// <param name="look">
    /// Looks around in the caller's own frame: when the call has <c>returned</c>, at each <c>element</c> of a sequence, and
    /// when all has <c>ended</c>.
    /// </param>
    /// <returns>The token as it came back; for a tool without a result, the one that was given.</returns>
    public static async Task<long> UseAsync(this IStressTools tools, ToolReturnType returnType, long token, Action<string>? look = null)
    {
        var text = TextOf(token);
        var elements = new List<long>();
        try
        {
            switch (returnType)
            {
                case ToolReturnType.Void:
                    tools.Act(token, text);
                    look?.Invoke("returned");
                    return token;
                case ToolReturnType.Result:
                    return Returned(tools.Now(token, text));
                case ToolReturnType.Task:
                    await Returned(tools.ActLaterAsync(token, text));
                    return token;
                case ToolReturnType.TaskOfResult:
                    return await Returned(tools.LaterAsync(token, text));
                case ToolReturnType.ValueTask:
                    await Returned(tools.ActSoonAsync(token, text));
                    return token;
                case ToolReturnType.ValueTaskOfResult:
                    return await Returned(tools.SoonAsync(token, text));
                case ToolReturnType.Sequence:
                    foreach (var element in Returned(tools.Sequence(token, text)))
                    {
                        look?.Invoke("element");
                        elements.Add(element);
                    }

                    return TokenIn(elements);
                case ToolReturnType.AsyncSequence:
                    await foreach (var element in Returned(tools.SequenceLaterAsync(token, text)))
                    {
                        look?.Invoke("element");
                        elements.Add(element);
                    }

                    return TokenIn(elements);
                case ToolReturnType.RefAndOut:
                    var taken = text;
                    return Returned(tools.TryTake(token, ref taken, out var result)) && taken == $"{text} taken" ? result : -1;
                case ToolReturnType.GenericOfText:
                    return TokenIn(Returned(tools.Echo(token, text)));
                case ToolReturnType.GenericOfNumber:
                    return Returned(tools.Echo(token, token));
                case ToolReturnType.GenericOfRecord:
                    return TokenIn(Returned(tools.Echo(token, new TokenRecord { Text = text })).Text!);
                case ToolReturnType.GenericTaskOfText:
                    return TokenIn(await Returned(tools.EchoLaterAsync(token, text)));
                default:
                    return TokenIn((await Returned(tools.EchoLaterAsync(token, new TokenRecord { Text = text }))).Text!);
            }
        }
        finally
        {
            look?.Invoke("ended");
        }

        T Returned<T>(T result)
        {
            look?.Invoke("returned");
            return result;
        }
    }

    private static long TokenIn(string text) => long.Parse(text.AsSpan(1), CultureInfo.InvariantCulture);

    private static long TokenIn(List<long> elements) => elements is [var first, var second] && first == second ? first : -1;
}
