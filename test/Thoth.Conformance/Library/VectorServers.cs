using Thoth.Conformance.Clients;

namespace Thoth.Conformance.Library;

/// <summary>The server of the Thoth API, and another one where a case has it lead elsewhere.</summary>
internal sealed class VectorServers : IAsyncDisposable
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private VectorServers(ContractServer main, ContractServer? other)
    {
        Main = main;
        Other = other;
    }

    public ContractServer Main { get; }

    public ContractServer? Other { get; }

    /// <summary>Gets a response that does not come while the case runs.</summary>
    public ContractAnswer NeverDuringTheCase => new() { Status = 202, After = _end.Task };

    /// <param name="vector">The case.</param>
    /// <param name="otherAnswers">What the other server answers to everything.</param>
    public static async Task<VectorServers> StartAsync(Vector vector, string? otherAnswers = null)
    {
        var main = await ContractServer.StartAsync();
        if (otherAnswers is null && !VectorAnswer.NeedsOtherOrigin(vector.Input.Json))
        {
            return new VectorServers(main, null);
        }

        var other = await ContractServer.StartAsync();
        ContractAnswer Answer(RecordedRequest request) => otherAnswers ?? """{"decision":"ALLOW","resolved":true,"resolution":"ALLOW"}""";
        (other.OnEnforce, other.OnHold, other.OnOther) = (Answer, Answer, Answer);
        return new VectorServers(main, other);
    }

    /// <summary>Ends the case: requests that still wait get their response.</summary>
    public void EndCase() => _end.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await Main.DisposeAsync();
        if (Other is not null)
        {
            await Other.DisposeAsync();
        }
    }
}
