using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Diagnostics;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Holds;

/// <summary>Lists held calls and records approvers' answers. The first answer counts, also if two arrive at the same time.</summary>
internal sealed class ApprovalService(EnforcerDatabase database, ChangeFeed feed, TimeProvider time, ILogger<ApprovalService> logger)
{
    private const int MaxTextLength = 1_000;

    /// <summary>Gets the waiting calls, newest first.</summary>
    /// <param name="tenant">The tenant, or <see langword="null"/> for all.</param>
    /// <param name="limit">The largest number to return.</param>
    public IReadOnlyList<HoldRow> Pending(string? tenant = null, int limit = 200) => database.Read(connection => connection.Query(
        HoldTable.Read,
        $"SELECT * FROM holds WHERE {HoldTable.IsPending} AND (@tenant IS NULL OR tenant = @tenant) ORDER BY seq DESC LIMIT @limit",
        [.. HoldTable.TimesOf(time.GetUtcNow()), ("@tenant", tenant), ("@limit", limit)]));

    /// <summary>Counts the waiting calls.</summary>
    public long CountPending() => database.Read(connection => HoldTable.CountPending(connection, tenant: null, time.GetUtcNow()));

    /// <summary>Gets the calls that no longer wait, newest first.</summary>
    /// <param name="tenant">The tenant, or <see langword="null"/> for all.</param>
    /// <param name="limit">The largest number to return.</param>
    public IReadOnlyList<HoldRow> History(string? tenant = null, int limit = 100) => database.Read(connection => connection.Query(
        HoldTable.Read,
        $"""
        SELECT * FROM holds WHERE NOT {HoldTable.IsPending} AND (@tenant IS NULL OR tenant = @tenant)
        ORDER BY COALESCE(decided_at, MIN(expires_at, @now)) DESC, seq DESC LIMIT @limit
        """,
        [.. HoldTable.TimesOf(time.GetUtcNow()), ("@tenant", tenant), ("@limit", limit)]));

    public HoldRow? Find(string id) => database.Read(connection => HoldTable.Find(connection, id));

    /// <summary>Approves the call: it may run once.</summary>
    /// <param name="id">The hold's id.</param>
    /// <param name="argumentsHash">The <see cref="HoldRow.ArgumentsHash"/> of the call as the person saw it.</param>
    /// <param name="approver">The approver's name; not blank.</param>
    /// <param name="reason">The reason; it may reach a model.</param>
    public Task<AnswerOutcome> ApproveAsync(string id, string argumentsHash, string approver, string? reason = null) =>
        AnswerAsync(HoldState.Approved, id, argumentsHash, approver, reason);

    /// <summary>Refuses the call. The parameters are those of <see cref="ApproveAsync"/>.</summary>
    public Task<AnswerOutcome> DenyAsync(string id, string argumentsHash, string approver, string? reason = null) =>
        AnswerAsync(HoldState.Denied, id, argumentsHash, approver, reason);

    /// <summary>Records that a person is about to be shown the masked values of a call.</summary>
    public async Task RevealAsync(HoldRow hold, string who)
    {
        await database.WriteAsync(connection => RevealTable.Add(connection, hold.Id, who, time.GetUtcNow()));
        EnforcerLog.ValuesRevealed(logger, hold.Tool, hold.Id);
    }

    public IReadOnlyList<RevealRow> Reveals(string id) => database.Read(connection => RevealTable.Of(connection, id));

    private async Task<AnswerOutcome> AnswerAsync(HoldState state, string id, string argumentsHash, string approver, string? reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(approver);
        var answer = new HoldAnswerRow
        {
            Id = id,
            ArgumentsHash = argumentsHash,
            State = state,
            Approver = Cut(approver.Trim()),
            Reason = string.IsNullOrWhiteSpace(reason) ? null : Cut(reason.Trim()),
            At = time.GetUtcNow(),
        };
        var (outcome, hold) = await database.WriteAsync(connection => Record(connection, answer));
        if (outcome == AnswerOutcome.Recorded)
        {
            EnforcerLog.HoldDecided(logger, hold!.Tool, state.ToString());
            feed.Publish(new(state == HoldState.Approved ? ChangeKind.Approved : ChangeKind.Denied, hold.Tenant, id));
        }

        return outcome;
    }

    private static (AnswerOutcome Outcome, HoldRow? Hold) Record(SqliteConnection connection, HoldAnswerRow answer)
    {
        var isUnreadable = HoldTable.Find(connection, answer.Id) is { IsUnreadable: true };
        if (isUnreadable && answer.State == HoldState.Approved)
        {
            return (AnswerOutcome.Unreadable, null);
        }

        var counts = HoldTable.Decide(connection, answer, aboutAnyArguments: isUnreadable);
        var hold = HoldTable.Find(connection, answer.Id);
        return (counts ? AnswerOutcome.Recorded : hold?.StateAt(answer.At) switch
        {
            null => AnswerOutcome.NotFound,
            HoldState.Expired => AnswerOutcome.Expired,
            HoldState.CallerGone => AnswerOutcome.CallerGone,
            HoldState.Pending => AnswerOutcome.OtherArguments,
            _ => AnswerOutcome.AlreadyDecided,
        }, hold);
    }

    private static string Cut(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength];
}
