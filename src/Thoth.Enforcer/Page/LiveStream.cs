using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Thoth.Enforcer.Changes;

namespace Thoth.Enforcer.Page;

/// <summary>
/// Tells open pages that something changed, by server-sent events; they then load themselves anew. The notices say only whether
/// it concerns holds, so they are cheap and a lost one costs nothing: the next renews all.
/// </summary>
internal static class LiveStream
{
    public const string Holds = "holds";
    public const string Activity = "activity";

    /// <summary>Changes that follow each other faster are told together.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/live", (
        HttpContext context, ChangeFeed feed, TimeProvider time, IHostApplicationLifetime lifetime) =>
        TypedResults.ServerSentEvents(ReadAsync(feed, time, lifetime.ApplicationStopping, context.RequestAborted)));

    private static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        ChangeFeed feed, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        using var changes = feed.Subscribe();

        // The page that opened the stream may have been made before the subscription.
        yield return new SseItem<string>("", Holds);
        while (await NextAsync(changes, either.Token) is { } kinds)
        {
            yield return new SseItem<string>("", kinds.Any(IsAboutHolds) ? Holds : Activity);
            if (!await PauseAsync(time, either.Token))
            {
                yield break;
            }
        }
    }

    private static bool IsAboutHolds(ChangeKind kind) => kind is not (ChangeKind.Decided or ChangeKind.EventsReceived);

    private static async Task<IReadOnlySet<ChangeKind>?> NextAsync(ChangeSubscription changes, CancellationToken cancellationToken)
    {
        try
        {
            return await changes.TakeKindsAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<bool> PauseAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(s_pause, time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
