namespace Thoth.Interception.Tests.Sqlite.Support;

internal sealed class WorkTools : IWorkTools
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public Func<Task> During { get; set; } = () => Task.CompletedTask;

    public async Task<string> WorkAsync(int number)
    {
        Interlocked.Increment(ref _runs);
        await During();
        return $"{number}";
    }
}
