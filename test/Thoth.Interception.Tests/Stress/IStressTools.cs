namespace Thoth.Interception.Tests.Stress;

/// <summary>Tools with every return type that can be governed. Each call passes its own token twice.</summary>
public interface IStressTools
{
    void Act(long token, string text);

    long Now(long token, string text);

    Task ActLaterAsync(long token, string text);

    Task<long> LaterAsync(long token, string text);

    ValueTask ActSoonAsync(long token, string text);

    ValueTask<long> SoonAsync(long token, string text);

    IEnumerable<long> Sequence(long token, string text);

    IAsyncEnumerable<long> SequenceLaterAsync(long token, string text);

    bool TryTake(long token, ref string text, out long result);

    T Echo<T>(long token, T value);

    Task<T> EchoLaterAsync<T>(long token, T value);
}
