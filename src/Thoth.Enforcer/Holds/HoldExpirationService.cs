using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Diagnostics;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Holds;

/// <summary>Expires holds, and deletes rows that are older than the retention.</summary>
internal sealed class HoldExpirationService(
    EnforcerDatabase database, ChangeFeed feed, EnforcerOptions options, TimeProvider time, ILogger<HoldExpirationService> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retentionInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _last = time.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        DateTimeOffset? lastDeletion = null;
        do
        {
            try
            {
                await ExpireAsync();
                if (lastDeletion is null || time.GetUtcNow() - lastDeletion >= s_retentionInterval)
                {
                    lastDeletion = time.GetUtcNow();
                    await DeleteOldAsync(lastDeletion.Value.AddDays(-options.RetentionDays));
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A full disk must not stop later runs. A poll of an expired hold checks the time itself.
                EnforcerLog.ExpirationFailed(logger, e);
            }
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ExpireAsync()
    {
        var now = time.GetUtcNow();
        foreach (var (tenant, id) in database.Read(connection => HoldTable.CallerGone(connection, _last, now)))
        {
            feed.Publish(new(ChangeKind.CallerGone, tenant, id));
        }

        _last = now;
        var due = database.Read(connection => connection.Scalar<long>(
            "SELECT COUNT(*) FROM holds WHERE state = 'Pending' AND expires_at <= @now", ("@now", now.ToUnixTimeMilliseconds())));
        if (due == 0)
        {
            return;
        }

        foreach (var (tenant, id, tool) in await database.WriteAsync(connection => HoldTable.Expire(connection, now)))
        {
            EnforcerLog.HoldExpired(logger, tool);
            feed.Publish(new(ChangeKind.Expired, tenant, id));
        }
    }

    private Task<int> DeleteOldAsync(DateTimeOffset before) => database.WriteAsync(connection =>
    {
        CallCountTable.DeleteBefore(connection, before);
        return connection.Execute(
            """
            DELETE FROM decisions WHERE at < @before;
            DELETE FROM events WHERE received_at < @before;
            DELETE FROM reveals WHERE at < @before AND hold NOT IN (SELECT id FROM holds WHERE expires_at >= @before);
            DELETE FROM holds WHERE state <> 'Pending' AND expires_at < @before;
            """,
            ("@before", before.ToUnixTimeMilliseconds()));
    });
}
