using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Thoth.Conformance.Servers;

/// <summary>Runs cases against a server. It behaves as a client does: no redirects, no cookies, bounded time and size.</summary>
internal sealed class ServerCaseRunner : IDisposable
{
    /// <summary>UTF-8 stays UTF-8, and arguments may be 64 levels deep below the root.</summary>
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    private readonly ServerCaseFile _file;
    private readonly ServerTarget _target;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="file">The cases and what they refer to.</param>
    /// <param name="target">The server.</param>
    /// <param name="time">The clock of requests and time limits.</param>
    public ServerCaseRunner(ServerCaseFile file, ServerTarget target, TimeProvider time)
    {
        _file = file;
        _target = target;
        _time = time;
    }

    /// <summary>Checks that the server responds.</summary>
    /// <exception cref="UsageException">It does not.</exception>
    public async Task EnsureReachableAsync()
    {
        var endpoint = _file.Endpoint("hold_unknown");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _target.Url);
            using var limit = new CancellationTokenSource(endpoint.TimeLimit, _time);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            throw new UsageException($"The server at {_target.Url} cannot be reached ({ReasonOf(e)}). Start it, or correct --url.");
        }
    }

    /// <summary>Runs one case.</summary>
    /// <exception cref="ConformanceException">The case is not understood.</exception>
    public async Task<CaseResult> RunAsync(ServerCase serverCase)
    {
        if (serverCase.SkipReason(_target) is { } reason)
        {
            return new CaseResult(serverCase.Id, serverCase.Section, serverCase.Title, CaseOutcome.Skipped, [reason]);
        }

        var tool = serverCase.Tool is null ? null : _target.Tools[serverCase.Tool];
        var values = new CaseValues(_file.Templates, _target, tool, _time.GetUtcNow());
        var mismatches = new List<string>();
        foreach (var (index, step) in serverCase.Steps.Index())
        {
            // A later step needs what an earlier one brought.
            mismatches.AddRange((await RunAsync(step, values)).Select(
                mismatch => serverCase.Steps.Count == 1 ? mismatch : $"step {index + 1}, {step.Send ?? "resolve"}: {mismatch}"));
            if (mismatches.Count > 0)
            {
                break;
            }
        }

        return CaseResult.Of(serverCase.Id, serverCase.Section, serverCase.Title, mismatches);
    }

    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<string>> RunAsync(ServerStep step, CaseValues values)
    {
        if (step.Resolve is not null)
        {
            await _target.Approver!.Resolve(new HoldToResolve(step.Resolve, values.Fill("{tool}"), values.Fill(step.Session!)));
            return [];
        }

        var expected = step.Expect!;
        var start = _time.GetTimestamp();
        while (true)
        {
            var (reply, failure) = await SendAsync(step, values);
            if (reply is null)
            {
                return [failure!];
            }

            if (expected.Awaits(reply) && _target.Approver is { } approver && _time.GetElapsedTime(start) < approver.Patience)
            {
                await Task.Delay(approver.PollInterval, _time);
                continue;
            }

            foreach (var (name, path) in step.Save)
            {
                values.Save(name, reply.Json is { } body ? JsonMatch.At(body, path) : null);
            }

            return [.. expected.Check(reply, values, _file)];
        }
    }

    private async Task<(ServerReply? Reply, string? Failure)> SendAsync(ServerStep step, CaseValues values)
    {
        var endpoint = _file.Endpoint(step.Send!);
        using var request = new HttpRequestMessage(endpoint.Method, UrlOf(endpoint.Path, values));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        CaseKey.Put(request, step.Key, _target);
        if (BodyOf(step, values) is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var limit = new CancellationTokenSource(endpoint.TimeLimit, _time);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return (await ServerReply.ReadAsync(response, limit.Token), null);
        }
        catch (OperationCanceledException)
        {
            return (null, $"response: expected within {endpoint.TimeLimit.TotalSeconds:0} s, came later or never");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, $"response: expected one, the connection failed ({ReasonOf(e)})");
        }
    }

    private static string? BodyOf(ServerStep step, CaseValues values) =>
        step.Raw is { } raw ? values.Fill(raw)
        : step.Body is { } body ? values.Fill(body)?.ToJsonString(s_plain) ?? "null"
        : null;

    /// <summary>A path below the base URL stays, and escaped characters stay escaped (contract §1.1.1, §3.1).</summary>
    private Uri UrlOf(string path, CaseValues values)
    {
        var filled = values.Fill(path, Uri.EscapeDataString);
        return new Uri(_target.Url.AbsoluteUri.TrimEnd('/') + filled, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    private static string ReasonOf(Exception exception) => exception switch
    {
        HttpRequestException http => $"{http.HttpRequestError}",
        OperationCanceledException => "no response in time",
        _ => exception.GetType().Name,
    };
}
