using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;

namespace Thoth.Interception.LoadTests;

/// <summary>
/// The limit: a bare HttpClient that posts the same enforce bytes with the headers that the contract asks for, parses the answer,
/// and posts the same batches of events in the background, up to four at a time. No batch is sent before it is full, as in the
/// library: more requests than it would be no limit.
/// </summary>
internal sealed class BareCaller : ICaller
{
    private const int BatchSize = 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Channel<bool> _batches = Channel.CreateUnbounded<bool>();
    private readonly Uri _enforce;
    private readonly Uri _ingest;
    private readonly byte[] _enforceBytes;
    private readonly byte[] _eventBytes;
    private readonly Task[] _senders;
    private TaskCompletionSource? _drained;
    private int _events;
    private int _waiting;

    public BareCaller(Uri url, byte[] enforceBytes, byte[] eventBytes)
    {
        (_enforce, _ingest) = (new Uri(url, "/v1/enforce"), new Uri(url, "/v1/events/batch"));
        (_enforceBytes, _eventBytes) = (enforceBytes, eventBytes);

        // As texts, which is the cheapest way.
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer thoth_test_load");
        _http.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", "thoth_test_load");
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Thoth.Interception/1.0.0");
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json");
        _senders = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(SendAsync))];
    }

    public async Task CallAsync(int number)
    {
        Record();
        using var content = Json(_enforceBytes);
        using var response = await _http.PostAsync(_enforce, content);
        response.EnsureSuccessStatusCode();
        using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
        if (answer.RootElement.GetProperty("decision").GetString() != "ALLOW")
        {
            throw new InvalidOperationException("The enforcer did not allow the call.");
        }

        Record();
    }

    public async Task DrainAsync()
    {
        if (Interlocked.Exchange(ref _events, 0) % BatchSize > 0)
        {
            Queue();
        }

        var drained = new TaskCompletionSource();
        Interlocked.Exchange(ref _drained, drained);
        if (Volatile.Read(ref _waiting) > 0)
        {
            await drained.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _batches.Writer.Complete();
        await Task.WhenAll(_senders);
        _http.Dispose();
    }

    private void Record()
    {
        if (Interlocked.Increment(ref _events) % BatchSize == 0)
        {
            Queue();
        }
    }

    private void Queue()
    {
        Interlocked.Increment(ref _waiting);
        _batches.Writer.TryWrite(true);
    }

    private async Task SendAsync()
    {
        await foreach (var _ in _batches.Reader.ReadAllAsync())
        {
            using var content = Json(_eventBytes);
            using var response = await _http.PostAsync(_ingest, content);
            if (Interlocked.Decrement(ref _waiting) == 0)
            {
                Volatile.Read(ref _drained)?.TrySetResult();
            }
        }
    }

    private static ByteArrayContent Json(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
