-- Affiliate programs: which hosts are theirs, and which query parameters carry the affiliate. The operator's to extend.

create table programs (
  name             text   not null primary key check (name = btrim(name) and length(name) between 1 and 100),
  tag_parameters   text[] not null default '{}' check (array_position(tag_parameters, null) is null),
  click_parameters text[] not null default '{}' check (array_position(click_parameters, null) is null)
);
comment on column programs.tag_parameters is
  'Query parameters of the program''s own URLs that say whose link it is; none where the path or the host says it.';
comment on column programs.click_parameters is
  'Query parameters that the merchant must receive for the sale to be credited: a chain that loses them earns nothing.';

create table program_hosts (
  host    text not null primary key check (host ~ '^[a-z0-9_-]+([.][a-z0-9_-]+)+$' and length(host) <= 253),
  program text not null references programs (name) on update cascade on delete cascade
);
comment on column program_hosts.host is 'This host and every one below it; of several that fit, the longest counts.';
create index program_hosts_by_program on program_hosts (program);

insert into programs (name, tag_parameters, click_parameters) values
  ('Admitad', '{}', '{admitad_uid}'),
  ('Adtraction', '{as}', '{at_gd}'),
  ('AliExpress', '{aff_fcid}', '{aff_fcid,aff_trace_key}'),
  ('Amazon', '{tag}', '{tag}'),
  ('Awin', '{awinaffid}', '{awc}'),
  ('Booking.com', '{aid}', '{aid}'),
  ('CJ', '{}', '{cjevent}'),
  ('ClickBank', '{affiliate}', '{hop}'),
  ('Daisycon', '{wi}', '{}'),
  ('Digistore24', '{}', '{aff}'),
  ('eBay', '{campid}', '{campid}'),
  ('FlexOffers', '{foid}', '{}'),
  ('Impact', '{}', '{irclickid}'),
  ('Partnerize', '{}', '{clickref}'),
  ('PartnerStack', '{}', '{ps_xid,ps_partner_key}'),
  ('Pepperjam', '{}', '{clickId}'),
  ('Rakuten', '{id}', '{ranSiteID}'),
  ('ShareASale', '{u}', '{sscid}'),
  ('Skimlinks', '{id}', '{}'),
  ('Sovrn', '{key}', '{}'),
  ('TradeDoubler', '{a}', '{tduid}'),
  ('TradeTracker', '{a}', '{}'),
  ('Webgains', '{wgcampaignid}', '{}');

insert into program_hosts (program, host)
select name, unnest(string_to_array(hosts, ' ')) from (values
  ('Admitad', 'ad.admitad.com alitems.com alitems.site'),
  ('Adtraction', 'track.adtraction.com'),
  ('AliExpress', 'aliexpress.com aliexpress.us'),
  ('Amazon', 'amazon.com amazon.ca amazon.cn amazon.ae amazon.com.au amazon.com.be amazon.com.br amazon.com.mx amazon.com.tr '
             'amazon.co.jp amazon.co.uk amazon.co.za amazon.de amazon.eg amazon.es amazon.fr amazon.ie amazon.in amazon.it '
             'amazon.nl amazon.pl amazon.sa amazon.se amazon.sg amzn.asia amzn.eu amzn.to'),
  ('Awin', 'awin1.com tidd.ly zenaps.com'),
  ('Booking.com', 'booking.com'),
  ('CJ', 'afcyhf.com anrdoezrs.net apmebf.com dpbolvw.net emjcd.com ftjcfx.com jdoqocy.com kqzyfj.com lduhtrp.net '
         'qksrv.net tkqlhce.com tqlkg.com yceml.net'),
  ('ClickBank', 'hop.clickbank.net'),
  ('Daisycon', 'ds1.nl jf79.net lt45.net'),
  ('Digistore24', 'digistore24.com'),
  ('eBay', 'ebay.at ebay.be ebay.ca ebay.ch ebay.com ebay.com.au ebay.com.hk ebay.com.my ebay.com.sg ebay.co.uk ebay.de '
           'ebay.es ebay.fr ebay.ie ebay.it ebay.nl ebay.ph ebay.pl ebay.us'),
  ('FlexOffers', 'track.flexlinks.com track.flexlinkspro.com'),
  ('Impact', '7eer.net evyy.net ojrq.net pxf.io sjv.io'),
  ('Partnerize', 'prf.hn'),
  ('PartnerStack', 'grsm.io partnerlinks.io'),
  ('Pepperjam', 'gopjn.com pjatr.com pjtra.com pntra.com pntrac.com pntrs.com'),
  ('Rakuten', 'linksynergy.com'),
  ('ShareASale', 'shareasale.com shareasale-analytics.com shrsl.com'),
  ('Skimlinks', 'go.redirectingat.com go.skimresources.com'),
  ('Sovrn', 'redirect.viglink.com sovrn.co'),
  ('TradeDoubler', 'tradedoubler.com'),
  ('TradeTracker', 'tc.tradetracker.net'),
  ('Webgains', 'track.webgains.com')) as known (name, hosts);

-- --- rights --------------------------------------------------------------------------------------------------------
create or replace function grant_roles() returns void language plpgsql as $$
declare
  service text;
begin
  execute format('revoke temporary on database %I from public', current_database());
  revoke execute on function change_account_counters(uuid[], bigint[]) from public;
  revoke execute on function ensure_click_partitions(integer, date, date) from public;
  revoke execute on function drop_old_click_partitions(date, integer) from public;
  revoke execute on function links_room(uuid) from public;
  revoke execute on function change_link_facets(uuid[], text[], text[], bigint[]) from public;
  revoke execute on function relist_all_links() from public;
  revoke execute on function index_new_links() from public;
  for service in select rolname from pg_roles where rolname in ('quietleaks_web', 'quietleaks_clicks', 'quietleaks_monitor')
  loop
    execute format('grant connect on database %I to %I', current_database(), service);
    execute format('grant usage on schema public to %I', service);
    execute format('grant select on plans, accounts, links, slugs, redirects, link_clicks_daily, account_counters, '
                   'schema_migrations, programs, program_hosts to %I', service);
    case service
      when 'quietleaks_web' then
        grant select, insert, update, delete on api_keys, api_key_hashes, users to quietleaks_web;
        grant insert, update, delete on links, slugs to quietleaks_web;
        grant select on clicks, click_days, events to quietleaks_web;
        grant select on link_clicks_order, link_checks_order, link_tags, link_facets to quietleaks_web;
        grant select, insert, update, delete on idempotent_answers to quietleaks_web;
        grant execute on function links_room(uuid) to quietleaks_web;
      when 'quietleaks_clicks' then
        grant update (clicks_30d, clicks_day, clicks_until) on links to quietleaks_clicks;
        grant insert, update on link_clicks_daily to quietleaks_clicks;
        grant select, insert on clicks, click_days to quietleaks_clicks;
        grant select, insert, update, delete on click_segments to quietleaks_clicks;
        grant select, delete on link_changes to quietleaks_clicks;
        grant select, update on link_changes_horizon to quietleaks_clicks;
        grant execute on function ensure_click_partitions(integer, date, date) to quietleaks_clicks;
        grant execute on function drop_old_click_partitions(date, integer) to quietleaks_clicks;
        grant execute on function index_new_links() to quietleaks_clicks;
      when 'quietleaks_monitor' then
        grant update (status, failure_mode, last_checked_at) on links to quietleaks_monitor;
    end case;
  end loop;
end $$;
