using Microsoft.Extensions.Logging;

namespace Thoth.Interception.AI.Approvals;

/// <summary>Logs failures that end no turn.</summary>
internal static partial class ApprovalLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A held call could not be read. The call is decided as a new one.")]
    public static partial void ReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The host's answer to the held call of tool '{Tool}' could not be recorded. The call does not run by it.")]
    public static partial void ResolveFailed(ILogger logger, Exception exception, string tool);
}
