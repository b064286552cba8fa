using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>Decides through the enforcer behind <see cref="ThothOptions.ApiUrl"/> (contract §1.2, §1.3, §1.5).</summary>
internal sealed class HttpEnforcer : ISynchronousEnforcer, IHoldEnforcer, IExplainingEnforcer
{
    private const string Enforce = "/v1/enforce";
    private const string Hold = "/v1/enforce/hold";
    private const string Explain = "/v1/explain";

    /// <summary>Contract §1.1.6.</summary>
    private static readonly TimeSpan s_pollTimeout = TimeSpan.FromSeconds(6);

    /// <summary>Contract §1.1.6.</summary>
    private static readonly TimeSpan s_explainTimeout = TimeSpan.FromSeconds(3);

    /// <summary>A hold token is one segment of the path: the URL must stay exactly as it was escaped.</summary>
    private static readonly UriCreationOptions s_asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly EnforcerHttpClient _http;
    private readonly Uri _enforce;
    private readonly Uri _explain;
    private readonly string _holds;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private readonly Func<EnforcementRequest, EnforcerResponse, EnforcementDecision> _decisionIn;

    public HttpEnforcer(EnforcerHttpClient http, IOptions<ThothOptions> options, ILogger<HttpEnforcer> logger)
    {
        _http = http;
        _enforce = http.Endpoint(Enforce);
        _explain = http.Endpoint(Explain);
        _holds = http.Endpoint(Hold).AbsoluteUri;
        _timeout = options.Value.EnforcementTimeout;
        _logger = new NonThrowingLogger<HttpEnforcer>(logger);
        _decisionIn = DecisionIn;
    }

    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
        _http.SendAsync(HttpMethod.Post, _enforce, EnforceBody.Of(request), _timeout, _decisionIn, request, cancellationToken);

    public EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken)
    {
        if (_http.IsSynchronous)
        {
            using var body = EnforceBody.Of(request);
            using var response = _http.TrySend(HttpMethod.Post, _enforce, body, _timeout, cancellationToken);
            if (response is not null)
            {
                return DecisionIn(request, response);
            }
        }

        return SynchronousWait.For(
            static state => state.Enforcer.EvaluateAsync(state.Request, state.Token),
            (Enforcer: this, Request: request, Token: cancellationToken));
    }

    public ValueTask<HoldStatus> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        PollAsync(holdToken, request.ResumeNonce is { } nonce ? (HoldHeaders.Nonce, nonce) : null, cancellationToken);

    public ValueTask<HoldStatus> PeekHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        PollAsync(holdToken, (HoldHeaders.Peek, HoldHeaders.Yes), cancellationToken);

    public async ValueTask WithdrawHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        await PollAsync(holdToken, (HoldHeaders.Withdraw, HoldHeaders.Yes), cancellationToken).ConfigureAwait(false);

    public ValueTask<Explanation?> ExplainAsync(
        EnforcementRequest request, EnforcementDecision decision, CancellationToken cancellationToken) =>
        _http.SendAsync(
            HttpMethod.Post, _explain, ExplainJson.Of(request, decision), s_explainTimeout,
            static (enforcer, response) => enforcer.ExplanationIn(response), this, cancellationToken);

    private ValueTask<HoldStatus> PollAsync(string holdToken, (string Name, string Value)? header, CancellationToken cancellationToken)
    {
        var uri = new Uri($"{_holds}/{Uri.EscapeDataString(holdToken)}", s_asWritten);
        return _http.SendAsync(
            HttpMethod.Get, uri, null, s_pollTimeout, static (enforcer, response) => enforcer.HoldIn(response), this, cancellationToken, header);
    }

    private HoldStatus HoldIn(EnforcerResponse response)
    {
        if (!response.IsSuccess)
        {
            EnforcerHttpLog.Rejected(_logger, Hold, response);
        }

        return HoldReader.Read(response);
    }

    private Explanation? ExplanationIn(EnforcerResponse response)
    {
        if (response is { IsSuccess: true, IsComplete: true })
        {
            return ResponseReader.Read(response.Body, ExplainJson.Read);
        }

        EnforcerHttpLog.Rejected(_logger, Explain, response);
        return null;
    }

    /// <summary>Contract §1.2.5. The body of an error is read for a hint in the log, never for a decision.</summary>
    private EnforcementDecision DecisionIn(EnforcementRequest request, EnforcerResponse response)
    {
        var status = response.Status;
        if (response.IsSuccess || status == 0)
        {
            if (response.IsComplete && DecisionReader.Read(response.Body) is { } decision)
            {
                return decision.CompletedFor(request);
            }

            EnforcerHttpLog.Unreadable(_logger, Enforce, status);
            return EnforcementDecision.Refuse(SdkReasonCodes.EnforcerInvalidResponse, "enforcer unavailable");
        }

        EnforcerHttpLog.Rejected(_logger, Enforce, response);
        var reason = $"enforcer rejected request (status={status})";
        return status is 429 or (>= 500 and <= 599)
            ? throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerHttpError, reason) { StatusCode = status }
            : EnforcementDecision.Refuse(SdkReasonCodes.EnforcerHttpError, reason);
    }
}
