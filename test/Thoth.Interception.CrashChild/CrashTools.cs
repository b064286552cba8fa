using System.Text;

namespace Thoth.Interception.CrashChild;

/// <summary>Writes a line to a file for each run, with fsync: what a tool did cannot be taken back, whatever becomes of the process.</summary>
internal sealed class CrashTools : ICrashTools, IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _runs;

    public CrashTools(string path) => _runs = new FileStream(path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.Read,
        BufferSize = 0,
    });

    public Task RunAsync(string number)
    {
        lock (_lock)
        {
            _runs.Write(Encoding.UTF8.GetBytes(number + "\n"));
            _runs.Flush(flushToDisk: true);
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _runs.Dispose();
}
