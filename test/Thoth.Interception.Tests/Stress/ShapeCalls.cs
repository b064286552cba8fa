using System.Globalization;

namespace Thoth.Interception.Tests.Stress;

/// <summary>Calls a tool by its shape, and knows what its call looks like to an enforcer.</summary>
internal static class ShapeCalls
{
    public static ToolShape[] All { get; } = Enum.GetValues<ToolShape>();

    public static string TextOf(long token) => $"t{token}";

    public static string TextOf<T>(T value) => value switch
    {
        long number => TextOf(number),
        TokenRecord record => record.Text!,
        _ => $"{value}",
    };

    public static string ToolOf(ToolShape shape) => shape switch
    {
        ToolShape.Void => "act",
        ToolShape.Result => "now",
        ToolShape.Task => "act_later",
        ToolShape.TaskOfResult => "later",
        ToolShape.ValueTask => "act_soon",
        ToolShape.ValueTaskOfResult => "soon",
        ToolShape.Sequence => "sequence",
        ToolShape.AsyncSequence => "sequence_later",
        ToolShape.RefAndOut => "try_take",
        ToolShape.GenericTaskOfText or ToolShape.GenericTaskOfRecord => "echo_later",
        _ => "echo",
    };

    /// <summary>The arguments as JSON, to the letter.</summary>
    public static string ArgumentsOf(ToolShape shape, long token) => shape switch
    {
        ToolShape.GenericOfNumber => $$"""{"token":{{token}},"value":{{token}}}""",
        ToolShape.GenericOfText or ToolShape.GenericTaskOfText => $$"""{"token":{{token}},"value":"t{{token}}"}""",
        ToolShape.GenericOfRecord or ToolShape.GenericTaskOfRecord => $$$"""{"token":{{{token}}},"value":{"Text":"t{{{token}}}"}}""",
        _ => $$"""{"token":{{token}},"text":"t{{token}}"}""",
    };

    /// <summary>Makes one call and waits for its end.</summary>
    /// <param name="tools">The tools, bare or governed.</param>
    /// <param name="shape">Which one to call.</param>
    /// <param name="token">What to call it with.</param>
    /// <param name="look">
    /// Looks around in the caller's own frame: when the call has <c>returned</c>, at each <c>element</c> of a sequence, and
    /// when all has <c>ended</c>.
    /// </param>
    /// <returns>The token as it came back; for a tool without a result, the one that was given.</returns>
    public static async Task<long> UseAsync(this IShapeTools tools, ToolShape shape, long token, Action<string>? look = null)
    {
        var text = TextOf(token);
        var elements = new List<long>();
        try
        {
            switch (shape)
            {
                case ToolShape.Void:
                    tools.Act(token, text);
                    look?.Invoke("returned");
                    return token;
                case ToolShape.Result:
                    return Returned(tools.Now(token, text));
                case ToolShape.Task:
                    await Returned(tools.ActLaterAsync(token, text));
                    return token;
                case ToolShape.TaskOfResult:
                    return await Returned(tools.LaterAsync(token, text));
                case ToolShape.ValueTask:
                    await Returned(tools.ActSoonAsync(token, text));
                    return token;
                case ToolShape.ValueTaskOfResult:
                    return await Returned(tools.SoonAsync(token, text));
                case ToolShape.Sequence:
                    foreach (var element in Returned(tools.Sequence(token, text)))
                    {
                        look?.Invoke("element");
                        elements.Add(element);
                    }

                    return TokenIn(elements);
                case ToolShape.AsyncSequence:
                    await foreach (var element in Returned(tools.SequenceLaterAsync(token, text)))
                    {
                        look?.Invoke("element");
                        elements.Add(element);
                    }

                    return TokenIn(elements);
                case ToolShape.RefAndOut:
                    var taken = text;
                    return Returned(tools.TryTake(token, ref taken, out var result)) && taken == $"{text} taken" ? result : -1;
                case ToolShape.GenericOfText:
                    return TokenIn(Returned(tools.Echo(token, text)));
                case ToolShape.GenericOfNumber:
                    return Returned(tools.Echo(token, token));
                case ToolShape.GenericOfRecord:
                    return TokenIn(Returned(tools.Echo(token, new TokenRecord { Text = text })).Text!);
                case ToolShape.GenericTaskOfText:
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
