using Thoth.Enforcer.Diagnostics;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.Overview;

/// <summary>Renders the requests that the server refused since its start.</summary>
internal static class RefusedSection
{
    public static Html Show(RefusedRequests refused)
    {
        var counts = refused.Counts();
        return counts.Count == 0 ? Html.Nothing : Html.Of(
            $"""
            <details id="refused-requests" class="more">
              <summary>Refused requests since the start: {counts.Sum(static entry => entry.Count)}</summary>
              <p>{counts.Select(static entry => Html.Of($"""<span class="code">{entry.Kind.Status} {entry.Kind.Code}</span> {entry.Count} """))}</p>
              <div class="rows stack"><table>
                <thead><tr><th scope="col">Time</th><th scope="col">Response</th><th scope="col">Endpoint</th><th scope="col">Message</th><th scope="col">Sender</th></tr></thead>
                <tbody>{refused.Newest().Select(Row)}</tbody>
              </table></div>
            </details>
            """);
    }

    private static Html Row(RefusedRequest request) => Html.Of(
        $"""
        <tr><td>{DisplayFormat.Time(request.At)}</td><td class="code">{request.Kind.Status} {request.Kind.Code}</td>
        <td class="code">{request.Endpoint}</td><td>{request.Message}</td><td class="muted">{request.Sender}</td></tr>
        """);
}
