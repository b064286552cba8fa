namespace Thoth.Interception.Tests.Stress;

/// <summary>Runs what a test says within each body, and gives the token back.</summary>
internal sealed class StressTools : IStressTools
{
    /// <summary>Runs once within every body, with the token and the text that belongs to it.</summary>
    public Action<long, string> OnRun { get; set; } = (_, _) => { };

    /// <summary>Runs in the body's second half: after an await, or while a sequence's last element is asked for.</summary>
    public Action<long> OnRest { get; set; } = _ => { };

    /// <summary>Whether an asynchronous body waits before and after it runs, or completes at once.</summary>
    public Func<long, bool> Waits { get; set; } = _ => false;

    /// <summary>What a body that waits waits for.</summary>
    public Func<Task> Wait { get; set; } = async () => await Task.Yield();

    public void Act(long token, string text) => Run(token, text);

    public long Now(long token, string text) => Run(token, text);

    public Task ActLaterAsync(long token, string text) => LaterAsync(token, text);

    public async Task<long> LaterAsync(long token, string text)
    {
        OnRun(token, text);
        if (Waits(token))
        {
            await Wait();
        }

        OnRest(token);
        return token;
    }

    public ValueTask ActSoonAsync(long token, string text) => new(LaterAsync(token, text));

    public async ValueTask<long> SoonAsync(long token, string text) => await LaterAsync(token, text);

    public IEnumerable<long> Sequence(long token, string text)
    {
        OnRun(token, text);
        yield return token;
        OnRest(token);
        yield return token;
    }

    public async IAsyncEnumerable<long> SequenceLaterAsync(long token, string text)
    {
        OnRun(token, text);
        yield return token;
        if (Waits(token))
        {
            await Wait();
        }

        OnRest(token);
        yield return token;
    }

    public bool TryTake(long token, ref string text, out long result)
    {
        result = Run(token, text);
        text += " taken";
        return true;
    }

    public T Echo<T>(long token, T value)
    {
        Run(token, StressCalls.TextOf(value));
        return value;
    }

    public async Task<T> EchoLaterAsync<T>(long token, T value)
    {
        await LaterAsync(token, StressCalls.TextOf(value));
        return value;
    }

    private long Run(long token, string text)
    {
        OnRun(token, text);
        OnRest(token);
        return token;
    }
}
