using System.Diagnostics;

namespace Thoth.Interception.LoadTests;

/// <summary>The enforcer in its own process, so that its work does not count as the client's.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();

    private ServerProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<ServerProcess> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(ServerProcess).Assembly.Location);
        start.ArgumentList.Add("--server");
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) != "dotnet")
        {
            start.ArgumentList.RemoveAt(0);
        }

        var process = Process.Start(start)!;
        var url = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        return new ServerProcess(process, new Uri(url));
    }

    public Task<byte[]> GetAsync(string path) => _http.GetByteArrayAsync(new Uri(Url, path));

    /// <summary>How many events have arrived so far.</summary>
    public async Task<long> EventsAsync() => long.Parse((await _http.GetStringAsync(new Uri(Url, "/counts"))).Split(' ')[1]);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(5_000);
        _process.Dispose();
        _http.Dispose();
    }
}
