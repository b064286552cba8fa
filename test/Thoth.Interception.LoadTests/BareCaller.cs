using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;

namespace Thoth.Interception.LoadTests;

/// <summary>
/// The limit: a bare HttpClient that posts the same enforce bytes, parses the answer, and posts the same batches of events in
/// the background, up to four at a time.
/// </summary>
internal sealed class BareCaller : ICaller
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Channel<int> _events = Channel.CreateUnbounded<int>();
    private readonly Uri _enforce;
    private readonly Uri _ingest;
    private readonly byte[] _enforceBytes;
    private readonly byte[] _eventBytes;
    private readonly Task[] _senders;
    private long _waiting;

    public BareCaller(Uri url, byte[] enforceBytes, byte[] eventBytes)
    {
        (_enforce, _ingest) = (new Uri(url, "/v1/enforce"), new Uri(url, "/v1/events/batch"));
        (_enforceBytes, _eventBytes) = (enforceBytes, eventBytes);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "thoth_test_load");
        _http.DefaultRequestHeaders.Add("X-Api-Key", "thoth_test_load");
        _senders = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(SendAsync))];
    }

    public async Task CallAsync(int number)
    {
        Count(1);
        using var content = Json(_enforceBytes);
        using var response = await _http.PostAsync(_enforce, content);
        response.EnsureSuccessStatusCode();
        using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
        if (answer.RootElement.GetProperty("decision").GetString() != "ALLOW")
        {
            throw new InvalidOperationException("The enforcer did not allow the call.");
        }

        Count(1);
    }

    public async Task DrainAsync()
    {
        while (Interlocked.Read(ref _waiting) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _events.Writer.Complete();
        await Task.WhenAll(_senders);
        _http.Dispose();
    }

    private void Count(int events)
    {
        Interlocked.Add(ref _waiting, events);
        _events.Writer.TryWrite(events);
    }

    private async Task SendAsync()
    {
        while (await _events.Reader.WaitToReadAsync())
        {
            var count = 0;
            while (count < 10 && _events.Reader.TryRead(out var events))
            {
                count += events;
            }

            if (count == 0)
            {
                continue;
            }

            using var content = Json(_eventBytes);
            using var response = await _http.PostAsync(_ingest, content);
            Interlocked.Add(ref _waiting, -count);
        }
    }

    private static ByteArrayContent Json(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
