namespace Thoth.Interception.Tests.Faults;

/// <param name="Text">What the tool gives back.</param>
/// <param name="Extra">What the serializer may have trouble with.</param>
public sealed record FaultPayload(string Text, object? Extra);

/// <summary>Tools with each return type; a server knows its caller by the name of the tool.</summary>
public interface IFaultTools
{
    void Void(FaultPayload payload, CancellationToken token);

    string Value(FaultPayload payload, CancellationToken token);

    Task Task(FaultPayload payload, CancellationToken token);

    Task<string> TaskOfText(FaultPayload payload, CancellationToken token);

    ValueTask<string> ValueTaskOfText(FaultPayload payload, CancellationToken token);

    IAsyncEnumerable<string> Stream(FaultPayload payload, CancellationToken token);
}

/// <param name="run">What each of them does, by its name.</param>
internal sealed class FaultTools(Func<string, FaultPayload, CancellationToken, string> run) : IFaultTools
{
    /// <summary>Gets the return types by the names of their tools.</summary>
    public static IReadOnlyList<string> ReturnTypes { get; } = ["void", "value", "task", "task_of_text", "value_task_of_text", "stream"];

    public static bool HasResult(string returnType) => returnType is not ("void" or "task");

    /// <summary>Calls one of them as its caller would; what it gives back, if anything.</summary>
    public static Task<string?> CallAsync(IFaultTools tools, string returnType, FaultPayload payload, CancellationToken token) => returnType switch
    {
        "void" => OnItsOwnThread(() =>
        {
            tools.Void(payload, token);
            return null;
        }),
        "value" => OnItsOwnThread(() => tools.Value(payload, token)),
        "task" => AwaitAsync(async () =>
        {
            await tools.Task(payload, token);
            return null;
        }),
        "task_of_text" => AwaitAsync(async () => await tools.TaskOfText(payload, token)),
        "value_task_of_text" => AwaitAsync(async () => await tools.ValueTaskOfText(payload, token)),
        _ => AwaitAsync(async () => string.Concat(await tools.Stream(payload, token).ToListAsync(CancellationToken.None))),
    };

    public void Void(FaultPayload payload, CancellationToken token) => run("void", payload, token);

    public string Value(FaultPayload payload, CancellationToken token) => run("value", payload, token);

    public Task Task(FaultPayload payload, CancellationToken token) => TaskOf(() => run("task", payload, token));

    public Task<string> TaskOfText(FaultPayload payload, CancellationToken token) => TaskOf(() => run("task_of_text", payload, token));

    public ValueTask<string> ValueTaskOfText(FaultPayload payload, CancellationToken token) =>
        new(TaskOf(() => run("value_task_of_text", payload, token)));

    public async IAsyncEnumerable<string> Stream(
        FaultPayload payload, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        yield return await TaskOf(() => run("stream", payload, token));
    }

    private static async Task<string> TaskOf(Func<string> run)
    {
        await System.Threading.Tasks.Task.Yield();
        return run();
    }

    private static async Task<string?> AwaitAsync(Func<Task<string?>> call) => await call();

    /// <summary>A synchronous call keeps its thread, which must not be one that the server's response needs.</summary>
    private static Task<string?> OnItsOwnThread(Func<string?> call) => System.Threading.Tasks.Task.Factory.StartNew(
        call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
