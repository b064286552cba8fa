using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>Provides the policy in force and reloads it after a change. A policy that cannot be loaded never takes effect.</summary>
internal sealed class PolicyStore : IDisposable
{
    private readonly Lock _reloadLock = new();
    private readonly IPolicySource _source;
    private readonly ILogger _logger;
    private readonly ITimer? _reloadTimer;
    private readonly IDisposable? _changeSubscription;
    private volatile CompiledPolicy _current;
    private volatile Exception? _lastReloadError;
    private byte[] _text;
    private bool _disposed;

    /// <exception cref="PolicyLoadException">The policy cannot be loaded.</exception>
    public PolicyStore(IPolicySource source, LocalPolicyOptions options, TimeProvider time, ILogger logger)
    {
        _source = source;
        _logger = logger;
        if (options.ReloadOnChange)
        {
            // Watching starts before the first read; otherwise a change between the two would be missed.
            _reloadTimer = time.CreateTimer(static store => ((PolicyStore)store!).Reload(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _changeSubscription = ChangeToken.OnChange(source.Watch, () => _reloadTimer.Change(options.ReloadDelay, Timeout.InfiniteTimeSpan));
        }

        try
        {
            lock (_reloadLock)
            {
                _text = source.Read();
                _current = Load(_text);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets why the last reload failed; <see langword="null"/> if it did not.</summary>
    public Exception? LastReloadError => _lastReloadError;

    /// <summary>Gets the policy in force.</summary>
    public CompiledPolicy Current => _current;

    /// <summary>Reads the source again. If the policy cannot be loaded, an error is logged and the one before stays in force.</summary>
    public void Reload()
    {
        lock (_reloadLock)
        {
            if (_disposed)
            {
                return;
            }

            try
            {
                var text = _source.Read();
                if (!text.AsSpan().SequenceEqual(_text))
                {
                    _current = Load(text);
                    _text = text;
                }

                _lastReloadError = null;
            }
            catch (Exception e)
            {
                // An exception in a timer callback would end the process.
                _lastReloadError = e;
                PolicyLog.ReloadRefused(_logger, _source.Name, e);
            }
        }
    }

    public void Dispose()
    {
        lock (_reloadLock)
        {
            _disposed = true;
        }

        _changeSubscription?.Dispose();
        _reloadTimer?.Dispose();
        (_source as IDisposable)?.Dispose();
    }

    private CompiledPolicy Load(byte[] text)
    {
        var policy = PolicyLoader.Load(_source.Name, text);
        PolicyLog.Loaded(_logger, policy.Id, policy.Version, policy.RuleCount, _source.Name);
        if (policy.RuleCount == 0)
        {
            PolicyLog.NoRules(_logger, _source.Name);
        }

        return policy;
    }
}
