#!/usr/bin/perl
# A stand-in for Telegram in a container with nothing but Debian's own perl. It knows one token,
# hands out one update, a /start of Anna's, and answers everything else with what is sent.
use strict;
use warnings;
use IO::Socket::INET;

my ($port, $token) = @ARGV;
my $server = IO::Socket::INET->new(
    LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 50, ReuseAddr => 1) or die $!;
$SIG{CHLD} = 'IGNORE';
while (my $client = $server->accept) {
    next if fork;
    while (defined(my $line = <$client>)) {
        my $length = 0;
        while (defined(my $header = <$client>)) {
            last if $header =~ /^\r?$/;
            $length = $1 if $header =~ /^content-length:\s*(\d+)/i;
        }
        read $client, my $body, $length if $length;
        my ($given, $method) = $line =~ m{/bot([^/]+)/(\w+)};
        my ($status, $answer) = ('200 OK', '{"ok":true,"result":true}');
        if (!defined $given || $given ne $token) {
            ($status, $answer) =
                ('401 Unauthorized', '{"ok":false,"error_code":401,"description":"Unauthorized"}');
        } elsif (lc $method eq 'getme') {
            $answer = '{"ok":true,"result":{"id":7,"is_bot":true,"first_name":"Shop","username":"shop_bot"}}';
        } elsif (lc $method eq 'getwebhookinfo') {
            $answer = '{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}';
        } elsif (lc $method eq 'sendmessage') {
            $answer = '{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":5,"type":"private","first_name":"Anna"},"text":"a"}}';
        } elsif (lc $method eq 'getupdates') {
            my $first = !(defined $body && $body =~ /"offset":\s*([1-9]\d*)/ && $1 > 1);
            sleep 1 unless $first;
            $answer = $first
                ? '{"ok":true,"result":[{"update_id":1,"message":{"message_id":1,"date":1,"text":"/start",'
                    . '"from":{"id":5,"is_bot":false,"first_name":"Anna","language_code":"en"},'
                    . '"chat":{"id":5,"type":"private","first_name":"Anna"}}}]}'
                : '{"ok":true,"result":[]}';
        }
        print $client "HTTP/1.1 $status\r\ncontent-type: application/json\r\ncontent-length: "
            . length($answer) . "\r\n\r\n$answer";
        $client->flush;
    }
    exit;
}
