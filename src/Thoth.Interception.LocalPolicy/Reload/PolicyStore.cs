using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>The policy in force. A change is loaded once its source is quiet; a broken one never takes effect.</summary>
internal sealed class PolicyStore : IDisposable
{
    private readonly Lock _reloading = new();
    private readonly IPolicySource _source;
    private readonly ILogger _logger;
    private readonly ITimer? _quiet;
    private readonly IDisposable? _watch;
    private volatile CompiledPolicy _current;
    private byte[] _text;
    private bool _disposed;

    /// <exception cref="PolicyLoadException">The policy cannot be loaded.</exception>
    public PolicyStore(IPolicySource source, LocalPolicyOptions options, TimeProvider time, ILogger logger)
    {
        _source = source;
        _logger = logger;
        if (options.ReloadOnChange)
        {
            // Watching starts before the first reading, so that no change falls between them.
            _quiet = time.CreateTimer(static store => ((PolicyStore)store!).Reload(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _watch = ChangeToken.OnChange(source.Watch, () => _quiet.Change(options.ReloadDelay, Timeout.InfiniteTimeSpan));
        }

        try
        {
            lock (_reloading)
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

    public CompiledPolicy Current => _current;

    /// <summary>Loads the source again; what cannot be loaded is refused.</summary>
    public void Reload()
    {
        lock (_reloading)
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
            }
#pragma warning disable CA1031 // Nothing may escape into the timer, and nothing but a loaded policy takes effect.
            catch (Exception e)
#pragma warning restore CA1031
            {
                PolicyLog.ReloadRefused(_logger, _source.Name, e);
            }
        }
    }

    public void Dispose()
    {
        lock (_reloading)
        {
            _disposed = true;
        }

        _watch?.Dispose();
        _quiet?.Dispose();
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
