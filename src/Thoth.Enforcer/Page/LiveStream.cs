using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Thoth.Enforcer.Changes;

namespace Thoth.Enforcer.Page;

/// <summary>
/// Tells open pages by server-sent events that something changed; they then fetch themselves again. A notice says only whether
/// it is about holds. A lost notice does no harm: the next one refreshes everything.
/// </summary>
internal static class LiveStream
{
    public const string Holds = "holds";
    public const string Activity = "activity";

    /// <summary>Changes within this time are sent as one notice.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/live", (
        HttpContext context, ChangeFeed feed, TimeProvider time, IHostApplicationLifetime lifetime) =>
        TypedResults.ServerSentEvents(ReadAsync(feed, time, lifetime.ApplicationStopping, context.RequestAborted)));

    private static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        ChangeFeed feed, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        using var changes = feed.Subscribe();

        // The page may have been rendered before this subscription: a change between the two would be missed without this notice.
        yield return new SseItem<string>("", Holds);
        while (await NextAsync(changes, linked.Token) is { } kinds)
        {
            yield return new SseItem<string>("", kinds.Any(IsAboutHolds) ? Holds : Activity);
            if (!await PauseAsync(time, linked.Token))
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
